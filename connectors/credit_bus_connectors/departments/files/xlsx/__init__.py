"""XLSX files as tables, read as a stream with bounds on time, disk and memory.

`package` is the zip and its XML parts, `strings`, `styles`, `values` and `sheet` what those parts
say, `workbook` the whole. openpyxl writes our own templates and knows number formats; it does not
read here, since what it keeps of a sheet grows with the sheet (see DECISIONS.md).
"""
