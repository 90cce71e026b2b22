"""Files and folders: what is done, and what is refused under TensorFlow's names of errors."""

from __future__ import annotations

import pathlib

import pytest

import thalweg as tf

gfile = tf.io.gfile
errors = tf.errors


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").write_text("hello\nwörld\nlast")
    (tmp_path / "s" / "t").mkdir(parents=True)
    (tmp_path / "s" / "b").write_text("b")
    (tmp_path / "s" / ".h").touch()
    return tmp_path


def test_paths_are_looked_up(folder):
    for path in (folder / "a", str(folder / "a"), str(folder / "a").encode(), f"file://{folder}/a"):
        assert gfile.exists(path)
        assert not gfile.isdir(path)
    assert gfile.isdir(folder)
    assert not gfile.exists(folder / "no")
    found = gfile.stat(folder / "a")
    assert (found.length, found.is_directory) == (17, False)
    assert found.mtime_nsec == (folder / "a").stat().st_mtime_ns
    assert gfile.stat(folder).is_directory
    with pytest.raises(errors.NotFoundError):
        gfile.stat(folder / "no")


def test_folders_are_listed(folder):
    assert sorted(gfile.listdir(folder / "s")) == [".h", "b", "t"]
    assert sorted(gfile.listdir(str(folder).encode())) == [b"a", b"s"]
    for wrong in ("no", "a"):
        with pytest.raises(errors.NotFoundError, match="expected a folder"):
            gfile.listdir(folder / wrong)
    assert sorted(gfile.glob(f"{folder}/*")) == [f"{folder}/a", f"{folder}/s"]
    assert gfile.glob([f"{folder}/a*", f"{folder}/s/b"]) == [f"{folder}/a", f"{folder}/s/b"]
    assert gfile.glob(f"{folder}/zz*") == []


def test_trees_are_walked(folder):
    found = [(p, sorted(d), sorted(f)) for p, d, f in gfile.walk(str(folder))]
    assert found == [
        (str(folder), ["s"], ["a"]),
        (f"{folder}/s", ["t"], [".h", "b"]),
        (f"{folder}/s/t", [], []),
    ]
    assert [p for p, _, _ in gfile.walk(str(folder), topdown=False)][-1] == str(folder)
    seen = []
    assert list(gfile.walk(f"{folder}/no", onerror=seen.append)) == []
    assert isinstance(seen[0], errors.NotFoundError)
    assert list(gfile.walk(f"{folder}/no")) == []


def test_folders_are_made(folder):
    gfile.mkdir(folder / "m")
    gfile.mkdir(folder / "m")
    gfile.makedirs(folder / "q" / "r")
    gfile.makedirs(folder / "q" / "r")
    assert gfile.isdir(folder / "q" / "r")
    with pytest.raises(errors.NotFoundError):
        gfile.mkdir(folder / "x" / "y")
    for wrong in (folder / "a", folder / "a" / "x"):
        with pytest.raises(errors.FailedPreconditionError):
            gfile.makedirs(wrong)


def test_files_are_copied_and_renamed(folder):
    gfile.copy(folder / "a", folder / "c")
    with pytest.raises(errors.AlreadyExistsError, match="overwrite=True"):
        gfile.copy(folder / "a", folder / "c")
    gfile.copy(folder / "s" / "b", folder / "c", overwrite=True)
    assert (folder / "c").read_text() == "b"
    with pytest.raises(errors.NotFoundError):
        gfile.copy(folder / "no", folder / "d")
    with pytest.raises(errors.InvalidArgumentError, match="got the folder"):
        gfile.copy(folder / "s", folder / "d")
    gfile.rename(folder / "c", folder / "e")
    with pytest.raises(errors.AlreadyExistsError):
        gfile.rename(folder / "e", folder / "a")
    gfile.rename(folder / "e", folder / "a", overwrite=True)
    assert (folder / "a").read_text() == "b"
    with pytest.raises(errors.NotFoundError):
        gfile.rename(folder / "no", folder / "z")
    gfile.rename(folder / "s", folder / "s2")
    assert gfile.exists(folder / "s2" / "b")


def test_files_and_trees_are_removed(folder):
    gfile.remove(folder / "a")
    with pytest.raises(errors.NotFoundError):
        gfile.remove(folder / "a")
    with pytest.raises(errors.FailedPreconditionError, match="rmtree"):
        gfile.remove(folder / "s")
    (folder / "kept").mkdir()
    (folder / "s" / "link").symlink_to(folder / "kept")
    gfile.rmtree(folder / "s" / "link")
    gfile.rmtree(folder / "s")
    assert gfile.listdir(folder) == ["kept"]
    with pytest.raises(errors.NotFoundError):
        gfile.rmtree(folder / "s")


def test_paths_are_joined_and_of_this_machine():
    assert gfile.join("a", "b", "/c") == "/c"
    assert gfile.join(b"a", b"b") == b"a/b"
    assert set(gfile.get_registered_schemes()) == {"", "file"}
    with pytest.raises(errors.UnimplementedError, match="the file system 'gs'"):
        gfile.exists("gs://bucket/x")


def test_files_are_read(folder):
    path = str(folder / "a")
    file = gfile.GFile(path)
    assert (file.name, file.mode, file.seekable(), file.size()) == (path, "r", True, 17)
    assert file.read(3) == "hel"
    assert file.readline() == "lo\n"
    assert file.next() == "wörld\n"
    assert file.readlines() == ["last"]
    assert file.readline() == ""
    file.close()
    assert file.read(1) == "h"
    assert list(gfile.GFile(path, "rb")) == [b"hello\n", "wörld\n".encode(), b"last"]
    assert gfile.GFile(pathlib.Path(path)).read() == "hello\nwörld\nlast"


def test_places_count_bytes(folder):
    with gfile.GFile(folder / "a", "rb") as file:
        file.seek(6)
        assert (file.tell(), file.read(3)) == (6, b"w\xc3\xb6")
        file.seek(-2, 1)
        assert file.tell() == 7
        file.seek(-4, 2)
        assert file.read() == b"last"
        file.seek(position=1)
        assert file.read(4) == b"ello"
        with pytest.raises(errors.OutOfRangeError, match="from 0 to 17"):
            file.seek(18)
        with pytest.raises(errors.InvalidArgumentError, match="whence"):
            file.seek(0, 9)
        with pytest.raises(TypeError, match="expected offset"):
            file.seek()


def test_files_are_written(folder):
    path = folder / "w"
    unused = gfile.GFile(path, "w")
    unused.close()
    assert not path.exists()
    with gfile.GFile(path, "w") as file:
        file.write("é")
        file.flush()
        assert path.read_bytes() == b"\xc3\xa9"
        file.write(b"x")
        assert (file.tell(), file.size()) == (3, 3)
    with gfile.GFile(path, "a") as file:
        file.write("!")
    with gfile.GFile(path, "a+") as file:
        assert file.read() == "éx!"
        file.write("?")
    with gfile.GFile(path, "r+") as file:
        file.write("E_")
    assert path.read_text() == "E_x!?"


def test_modes_are_kept(folder):
    for mode, action in (("r", lambda f: f.write("x")), ("w", lambda f: f.read())):
        with pytest.raises(errors.PermissionDeniedError, match="expected a file that is open for"):
            action(gfile.GFile(folder / "a", mode))
    with pytest.raises(errors.InvalidArgumentError, match="mode among"):
        gfile.GFile(folder / "a", "x")
    with pytest.raises(errors.NotFoundError):
        gfile.GFile(folder / "no").read()
    with pytest.raises(errors.FailedPreconditionError):
        gfile.GFile(folder / "s").read()
    (folder / "bytes").write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        gfile.GFile(folder / "bytes").read()
