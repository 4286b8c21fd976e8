"""Petugas: everything an officer of an agency does, a page family a file.

`people`: who has completed, one code at a time, the table as CSV. `receiving`: a roster file on its way to
the disk. `rosters`: what it would change, yes or no, what was brought before. `work`: processes that read it.
`codes`: sheets of codes to hand out. `dues`: deadlines of units. `reminders`: texts to paste. `reports`: the
monthly report as issued, and files of any day. `results`: reports of what people learned, which `orders` has
made by processes.
"""
