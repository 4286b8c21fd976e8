"""The office: what the training unit and the agencies do with the learning record.

    assignment   Quiz → nbgrader source notebook
    slots        the value of one answer slot → its points; the hidden test calls it
    submission   released notebook + recorded answers → submitted notebook
    sheet        a submitted notebook → the literals in it, or why it is set aside
    register     whose submission is whose, and what it earned; signed
    gradebook    the course directory, nbgrader's commands and autograder, its gradebook
    grading      collect, run, audit, publish: what the commands of grade_cli do
    door         who comes into the marking place; trainer_cli: `netralitas trainer`
    report       roster and progress → tables
    sittings     events of a quiz → the attempts that count, as a frame
    items        that frame → item statistics; reliability: alpha and its error; advice: what is wrong
    item_kinds   what is particular to a kind of item; item_report, item_table: all of it, for people
    cohort       the model of made-up learners; simulate: through the engine into a store of their own
    answered     what was answered, by month; gain, misconceptions, item_shares: the reports made of it
    cli          `netralitas report …`; grade_cli: `netralitas grade …`; cohort_cli: `netralitas cohort …`

It imports netralitas; netralitas finds it through an entry point only. Learners stand here under
their ids, never under a NIP.
"""

import sys

# nbformat imports jsonschema, which imports this where it is there, and that builds a grammar for seconds:
# most of the time a command took to start. It checks addresses in schemas; a notebook's schema has none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
