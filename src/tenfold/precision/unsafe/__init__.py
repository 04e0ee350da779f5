"""Operations that can become inf or NaN, found in a function's jaxpr by interval arithmetic and tried out."""
