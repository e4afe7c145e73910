"""In: how a department says something to the bus.

A department with developers:

    codec = Codec(load_catalogue())
    event = make_event(
        party="market-regulation",
        type_="penalty.decided",
        body={...},  # fields: schemas/avro/penalty.decided/1.avsc; days are date, amounts Decimal
        subject=uscc,  # of a natural person the pseudonym: credit_bus.contracts.identity
        time=datetime.now(UTC),  # always aware
    )
    with DepartmentClient("market-regulation", "HOST:PORT", codec=codec) as client:
        (receipt,) = client.publish([event], wait=True)

`Codec` and `load_catalogue` are in `credit_bus.contracts`, `make_event` in `statement`, the fields
of the receipt in `receipts`. A department with a PostgreSQL: `table`; with a system that speaks
HTTP: `http`; with spreadsheets: `files`.
"""
