"""The canvas: a job map as a picture that a hand can change, on NodeGraphQt's view. Only this package imports NodeGraphQt."""
