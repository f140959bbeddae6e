"""What a barrier rating says, whether it meets a required one, and which one a place requires."""

from parvis.approach.ratings.matching import (
    RatingMatch,
    Remark,
    Verdict,
    highest_tested_speed,
    match_rating,
    required_rating,
)
from parvis.approach.ratings.parsing import manual_rating, parse_rating
from parvis.approach.ratings.rating import (
    MANUAL,
    Rating,
    RatingError,
    RatingLevelError,
    RatingSyntaxError,
    RatingValueError,
)
from parvis.approach.ratings.wording import explain

__all__ = [
    "MANUAL",
    "Rating",
    "RatingError",
    "RatingLevelError",
    "RatingMatch",
    "RatingSyntaxError",
    "RatingValueError",
    "Remark",
    "Verdict",
    "explain",
    "highest_tested_speed",
    "manual_rating",
    "match_rating",
    "parse_rating",
    "required_rating",
]
