"""Everything the product says: rows become cards, in the language around the call (`with i18n.language(…)`)."""
