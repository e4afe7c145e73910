"""The home directory: its room, its lock, its secret, what it remembers."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from credit_bus_deploy import choices, home, ports
from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.home import Home

PLENTY_BYTES = 1 << 60


@pytest.fixture
def made(tmp_path: Path) -> Home:
    """A home that has been started once."""
    return home.make_home(tmp_path / "home", free_bytes_min=0)


def test_a_disk_with_too_little_room_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"MiB free and a start needs \d+ MiB: free some"):
        home.make_home(tmp_path / "home", free_bytes_min=PLENTY_BYTES)


def test_a_full_disk_becomes_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(InstallationError, match=f"the disk under {tmp_path} is full: free some"),
        disk_errors(tmp_path),
        Path("/dev/full").open("w") as full,
    ):
        full.write("x")


def test_a_refused_write_becomes_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="cannot be written"), disk_errors(tmp_path):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))


def test_another_error_of_the_system_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Too many open files"), disk_errors(tmp_path):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


def test_a_home_is_held_by_one_process_at_a_time(made: Home) -> None:
    says = rf"already runs in {made.root} \(process {os.getpid()}\).*credit-bus down"
    with home.locked(made), pytest.raises(InstallationError, match=says), home.locked(made):
        pass
    with home.locked(made):
        pass


def test_a_home_and_what_it_keeps_are_for_its_owner_alone(made: Home) -> None:
    home.identity_secret(made)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (made.root, made.secret_file)]
    assert [0o700, 0o600] == modes


def test_the_secret_is_made_once_and_kept(made: Home) -> None:
    first = home.identity_secret(made)

    assert (32, first) == (len(first), home.identity_secret(made))


@pytest.mark.parametrize(
    ("says", "text"), [("hexadecimal", "not hex"), ("has 4 bytes and must have 32", "deadbeef")]
)
def test_a_damaged_secret_is_refused_and_not_replaced(says: str, text: str, made: Home) -> None:
    made.secret_file.write_text(text)

    with pytest.raises(InstallationError, match=says):
        home.identity_secret(made)

    assert text == made.secret_file.read_text()


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    home.write_whole(path, "old")
    home.write_whole(path, "new")

    assert ["file"] == [each.name for each in tmp_path.iterdir()]
    assert "new" == path.read_text()


@pytest.mark.parametrize(
    "text", ['{"kafka_port": "9092"}', '{"kafka_ports": 9092}', '{"partitions": true}']
)
def test_remembered_choices_of_another_form_are_refused(text: str, made: Home) -> None:
    made.choices_file.write_text(text)

    with pytest.raises(InstallationError, match="may hold the integers"):
        choices.choose(made, kafka_port=None, partitions=None)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_remembered_choices_that_are_no_json_object_are_refused(text: str, made: Home) -> None:
    made.choices_file.write_text(text)

    with pytest.raises(InstallationError, match="remove it"):
        choices.choose(made, kafka_port=None, partitions=None)


def test_more_partitions_than_a_machine_takes_are_refused(made: Home) -> None:
    with pytest.raises(InstallationError, match="257 partitions are more than"):
        choices.choose(made, kafka_port=None, partitions=257)


def test_what_was_chosen_once_is_chosen_again(made: Home) -> None:
    first = choices.choose(made, kafka_port=None, partitions=None)

    assert first == choices.choose(made, kafka_port=None, partitions=None)
    assert choices.PARTITIONS_DEFAULT == first.partitions
    assert first.kafka_port in ports.PORTS


def test_a_value_given_wins_and_is_remembered(made: Home) -> None:
    choices.choose(made, kafka_port=None, partitions=None)
    given = choices.choose(made, kafka_port=19092, partitions=2)

    assert (19092, 2) == (given.kafka_port, given.partitions)
    assert 19092 == json.loads(made.choices_file.read_text())["kafka_port"]
    assert given == choices.choose(made, kafka_port=None, partitions=None)


def test_the_web_port_is_chosen_once_also_in_a_home_from_before_it(made: Home) -> None:
    made.choices_file.write_text('{"kafka_port": 19092, "partitions": 4}')
    chosen = choices.choose(made, kafka_port=None, partitions=None)
    given = choices.choose(made, kafka_port=None, partitions=None, pages={"web": 18620})

    assert chosen.pages["web"] in ports.PORTS
    assert 18620 == given.pages["web"]
    assert given == choices.choose(made, kafka_port=None, partitions=None)


def test_the_sessions_secret_is_its_own_and_a_damaged_one_is_refused(made: Home) -> None:
    first = home.sessions_secret(made)

    assert (32, first) == (len(first), home.sessions_secret(made))
    assert first != home.identity_secret(made)
    assert 0o600 == stat.S_IMODE(made.sessions_secret_file.stat().st_mode)

    made.sessions_secret_file.write_text("00" * 31)
    with pytest.raises(InstallationError, match="remove the file"):
        home.sessions_secret(made)
