"""An interview: plain questions about today's organisation, answered as a scenario.

`questions.toml` has the questions; `questions.py` reads them and parses answers;
`dialogue.py` asks; `answer_files.py` stores answers; `scenario_file.py` writes them as
a scenario.
"""
