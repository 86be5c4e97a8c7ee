"""ES modules become one script, which holds all that they import."""

import pytest

from experiments.browser.bundling import bundled


def test_modules_are_bundled_in_order(tmp_path):
    """A module after what it imports, and no two of one name."""
    one, two = tmp_path / "one.mjs", tmp_path / "two.mjs"
    one.write_text("const hidden = 1;\nexport const shown = hidden + 1;\n")
    two.write_text('import { shown as it } from "./one.mjs";\nconst hidden = it;\n')
    text = bundled([one, two])
    assert "const { shown: it } = module_one;" in text and "import" not in text
    with pytest.raises(ValueError, match=r"before one\.mjs"):
        bundled([two, one])
    with pytest.raises(ValueError, match="two modules"):
        bundled([one, one])


@pytest.mark.parametrize(
    "text",
    [
        'import { hidden } from "./one.mjs";',
        'import { shown, nothing as it } from "./one.mjs";',
        'import {\n  shown,\n  hidden,\n} from "./one.mjs";',
    ],
)
def test_a_name_that_is_not_exported_is_refused(tmp_path, text):
    """It would be undefined only when it is used; private and unknown names alike."""
    one, two = tmp_path / "one.mjs", tmp_path / "two.mjs"
    one.write_text("const hidden = 1;\nexport const shown = hidden;\n")
    two.write_text(f"{text}\n")
    wrong = "nothing" if "nothing" in text else "hidden"
    with pytest.raises(ValueError, match=rf"two\.mjs: one\.mjs exports no {wrong}$"):
        bundled([one, two])


def test_all_kinds_of_exports_are_known(tmp_path):
    """Functions, also those that wait, classes and values."""
    one, two = tmp_path / "one.mjs", tmp_path / "two.mjs"
    kinds = ("function a() {}", "async function b() {}", "class c {}", "let d = 1;")
    one.write_text("".join(f"export {x}\n" for x in (*kinds, "const e = 2;")))
    two.write_text('import { a, b, c, d, e } from "./one.mjs";\n')
    assert "return { a, b, c, d, e };" in bundled([one, two])
