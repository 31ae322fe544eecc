"""Every sentence that the product itself says, by key."""

from collections.abc import Mapping
from dataclasses import dataclass

from community.core.errors import BadReferenceData


@dataclass(frozen=True)
class Texts:
    templates: Mapping[str, str]

    def render(self, key: str, **values: object) -> str:
        """Raises BadReferenceData when the key or one of its values is missing, or the template is none."""
        try:
            return self.templates[key].format(**values)
        except KeyError as missing:
            raise BadReferenceData(f"texts: {key} lacks {missing}") from missing
        except (IndexError, ValueError) as error:
            raise BadReferenceData(f"texts: {key} is no template: {error}") from error
