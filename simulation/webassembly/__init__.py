"""The compiled model as a WebAssembly module, for browsers and Node.

`exports.py` is the table of its functions and describes their arguments; `objects.py`
and `building.py` make `model.wasm` from the rules; `model.mjs` and `founding.mjs` run
it in JavaScript, for organisations that `organisations.py` gives; `node.py` founds and
lives worlds with it in Node, as the compiled engine does natively.
"""

from pathlib import Path

MODULE = Path(__file__).with_name("model.wasm")
SCRIPTS = tuple(map(Path(__file__).with_name, ("model.mjs", "founding.mjs")))
