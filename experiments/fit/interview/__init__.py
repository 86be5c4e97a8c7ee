"""Today's organisation from plain questions: what is asked, answered and written.

`questions.toml` holds the questions; `questions.py` reads them and understands answers;
`dialogue.py` asks; `answer_files.py` keeps answers; `scenario_file.py` writes what they
say as a scenario.
"""
