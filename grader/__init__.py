"""The office: what the training unit and the agencies do with the learning record.

    assignment   Quiz → nbgrader source notebook
    slots        the value of one answer slot → its points; the hidden test calls it
    submission   released notebook + recorded answers → submitted notebook
    gradebook    the course directory, nbgrader's commands, its gradebook
    report       roster and progress → tables
    sittings     events of a quiz → the attempts that count, as a frame
    items        that frame → item statistics; reliability: alpha and its error; advice: what is wrong
    item_kinds   what is particular to a kind of item; item_report, item_table: all of it, for people
    cohort       the model of made-up learners; simulate: through the engine into a store of their own
    cli          `netralitas grade …` and `netralitas report …`; cohort_cli: `netralitas cohort …`

It imports netralitas; netralitas finds it through an entry point only. Learners stand here under
their ids, never under a NIP.
"""
