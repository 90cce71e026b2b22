"""Files that Keras publishes with its networks: weights, names of classes."""

from __future__ import annotations

from dataclasses import dataclass

from thalweg._src.keras.utils.get_file import get_file

ORIGIN = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class PublishedFile:
    """A file on the network that is kept in the cache.

    Attributes:
        origin: `https` address.
        digest: Hexadecimal SHA-256 (64 digits) or MD5 (32 digits); None where none was published.
        renamed: Name in the cache where it is not the address' last part.
    """

    origin: str
    digest: str | None
    renamed: str | None = None

    def fetched(self) -> str:
        """Path of the file in the cache, downloaded when it is not there or has another digest.

        Raises:
            DataUnavailableError: The network does not give it; the message says where it is expected.
        """
        return get_file(self.renamed, self.origin, file_hash=self.digest, cache_subdir="models")


@dataclass(frozen=True)
class PublishedWeights:
    """Weights of one network, trained on ImageNet.

    Attributes:
        with_top: File for the network with its classifier.
        without_top: File for its body alone.
    """

    with_top: PublishedFile
    without_top: PublishedFile

    @classmethod
    def at(
        cls, path: str, with_top: str | None, without_top: str | None, suffix: str = "_notop"
    ) -> PublishedWeights:
        """Weights at `ORIGIN`, under one name with and without the suffix of bodies.

        Args:
            path: Address below `ORIGIN`, without the suffix and `.h5`.
            with_top: Digest of the file with the classifier.
            without_top: Digest of the other.
            suffix: What the name of the other ends in.
        """
        return cls(
            PublishedFile(f"{ORIGIN}{path}.h5", with_top),
            PublishedFile(f"{ORIGIN}{path}{suffix}.h5", without_top),
        )
