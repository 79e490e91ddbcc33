"""kravverk: versioned requirements, what a change means, and who decided it."""
