"""`get_file`: a file from the network, kept in a cache, unpacked where that is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from urllib.parse import urlsplit

from thalweg._src.base.archives.extraction import FORMATS
from thalweg._src.base.archives.extraction import extract as unpack
from thalweg._src.base.download import Digest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.cache import fetch, keras_home
from thalweg._src.keras.callbacks.progress import say

_WHERE = "keras.utils.get_file"


def get_file(
    fname: str | PathLike[str] | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str | PathLike[str] = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str | Sequence[str] | None = "auto",
    cache_dir: str | PathLike[str] | None = None,
    force_download: bool = False,
) -> str:
    """Path of a file that is downloaded when it is not in the cache, or of the folder it is unpacked to.

    Args:
        fname: Name of the file in the cache, without folders; None takes the last part of `origin`.
        origin: Address, which must begin with ``https://``.
        untar: Unpack the file, which must be a tar file.
        md5_hash: `file_hash`, under an older name; that one goes first.
        file_hash: SHA-256 or MD5 in hexadecimal that the file must have. A cached file with another is
            downloaded anew; a download with another is an error and is not kept.
        cache_subdir: Folder inside of `cache_dir`; an absolute path is used as it is.
        hash_algorithm: ``"sha256"``, ``"md5"``, or ``"auto"`` for what the length of `file_hash` tells.
        extract: Unpack the file, which must be of the kind `archive_format`.
        archive_format: ``"tar"`` (also packed by gzip, bzip2 or xz), ``"zip"``, a list of these, or
            ``"auto"`` for both.
        cache_dir: Folder of the cache; None for ``$KERAS_HOME`` or else ``~/.keras``. It is made when it
            does not exist.
        force_download: Download the file even if it is there.

    Returns:
        Path of the file. When it is unpacked, path of the folder with what the archive holds: for the
        `fname` ``"name.tgz"`` the archive lies at ``name.tgz`` and the folder at ``name_extracted``; for
        ``"name"``, and for any last part of `origin`, they lie at ``name_archive`` and ``name``. A folder
        that is there stays as it is unless the archive was downloaded just now; then files that the
        archive has replace those in the folder.

    Raises:
        ValueError: An argument is not as above.
        DataUnavailableError: Not cached, and not to be had. It is an OSError.
        DigestError: The download has another hash. It is a ValueError and an OSError.
        ArchiveError: The file is no such archive, is damaged, or holds what no archive may: names that
            lead out of the folder, links to elsewhere, devices, or far more than its size. It is a
            ValueError and an OSError. Nothing is unpacked then.

    Example:
        ```
        folder = tf.keras.utils.get_file("flowers", "https://example.org/flowers.tgz", untar=True)
        ```

    Source: `keras.utils.get_file`. Here addresses other than ``https`` are refused, also after a
    redirection; a file or folder appears when it is complete and checked, or not at all; links in archives
    become copies of the files they lead to; and what cannot be unpacked is an error, where Keras warns and
    returns the path of a folder that may not exist. Where the cache cannot be written Keras takes
    ``/tmp/.keras``, a folder that other users can fill; we raise an error.
    """
    if origin is None:
        raise InvalidArgumentError(
            f"[{_WHERE}] expected `origin`, the address to download from, got None; pass one."
        )
    name = _checked_name(fname, origin)
    folder = Path(cache_dir or keras_home()).expanduser() / cache_subdir
    hash_text = file_hash or md5_hash
    digest = Digest.parse(hash_text, hash_algorithm, _WHERE) if hash_text else None
    if not (untar or extract):
        file = folder / name
        _download_unless_kept(origin, file, digest, force_download)
        return str(file)
    formats = ("tar",) if untar else _checked_formats(archive_format)
    if fname and "." in name:
        archive, target = folder / name, folder / f"{name.partition('.')[0]}_extracted"
    else:
        archive, target = folder / f"{name}_archive", folder / name
    if target.exists() and not target.is_dir():
        raise InvalidArgumentError(
            f"[{_WHERE}] expected a folder or nothing at {target}, got a file; pass another fname."
        )
    is_new = _download_unless_kept(origin, archive, digest, force_download)
    if is_new or not target.is_dir():
        unpack(archive, target, formats)
    return str(target)


def _checked_name(fname: str | PathLike[str] | None, origin: str) -> str:
    name = os.fspath(fname) if fname else urlsplit(origin).path.rpartition("/")[2]
    if not name:
        raise InvalidArgumentError(
            f"[{_WHERE}] expected an origin that ends in the name of a file, got {origin!r}; pass fname."
        )
    if name in (".", "..") or any(letter in name for letter in "/\\\0"):
        raise InvalidArgumentError(
            f"[{_WHERE}] expected a file name without folders as fname, got {name!r}; name folders by "
            "cache_dir and cache_subdir."
        )
    return name


def _checked_formats(archive_format: str | Sequence[str] | None) -> tuple[str, ...]:
    if archive_format == "auto":
        return FORMATS
    formats = (archive_format,) if isinstance(archive_format, str) else tuple(archive_format or ())
    if not formats or set(formats) - set(FORMATS):
        raise InvalidArgumentError(
            f"[{_WHERE}] expected archive_format 'auto', 'tar', 'zip' or a list of these, got "
            f"{archive_format!r}; 'tar' reads .tar.gz and .tar.bz2 files, too."
        )
    return formats


def _download_unless_kept(origin: str, file: Path, digest: Digest | None, force: bool) -> bool:
    """Makes the file be there and have the digest; whether it was downloaded for that."""
    if file.is_dir():
        raise InvalidArgumentError(
            f"[{_WHERE}] expected a file or nothing at {file}, got a folder; pass another fname."
        )
    kept = file.is_file() and not force
    if kept and digest and not digest.fits(file):
        say(f"The file {file} has another {digest.algorithm} than is asked for; it is downloaded anew.")
        kept = False
    if not kept:
        fetch(origin, file, digest, where=_WHERE)
    return not kept
