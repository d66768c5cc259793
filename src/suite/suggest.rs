//! Fixtures that would show what no test shows: searched for by the limits of a rule, tried before they are told.
