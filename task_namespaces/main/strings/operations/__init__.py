"""Operations on words."""
