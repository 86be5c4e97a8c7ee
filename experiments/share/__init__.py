"""Pages that run the model: one HTML file with questions, levers and answers."""
