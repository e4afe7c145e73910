"""Folders: a department's CSV and XLSX files in the 双公示 templates, answered row by row.

`folder` watches; `source` and `tables` read; `header`, `mapping` and the templates make events of
rows; `saying` says them; `ledger` remembers; `report` answers.
"""
