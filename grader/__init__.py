"""The office: what the training unit and the agencies do with the learning record.

    assignment   Quiz → nbgrader source notebook
    slots        the value of one answer slot → its points; the hidden test calls it
    submission   released notebook + recorded answers → submitted notebook
    gradebook    the course directory, nbgrader's commands, its gradebook
    report       roster and progress → tables
    cli          `netralitas grade …` and `netralitas report …`

It imports netralitas; netralitas finds it through an entry point only. Learners stand here under
their ids, never under a NIP.
"""
