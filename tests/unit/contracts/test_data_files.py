"""Where the data folders are found."""

import pytest

from credit_bus.contracts.data_files import data_folder


def test_a_folder_that_is_not_carried_is_named():
    with pytest.raises(FileNotFoundError, match="schemas/poems"):
        data_folder("poems")


@pytest.mark.parametrize(("name", "file"), [("avro", "LOCK"), ("topics", "records.toml")])
def test_the_folders_of_schemas_and_topics_are_found(name, file):
    assert (data_folder(name) / file).is_file()
