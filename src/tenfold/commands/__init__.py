<<<<<<< HEAD
"""One module a family of commands; `tenfold.cli` puts them together."""
=======
"""Families of commands that `tenfold` has besides those of a run: one module a family."""
>>>>>>> b968625a187ec2fc887270a6c8ee413f1ad40573
