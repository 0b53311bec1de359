package scene

// Truth is a value of Kleene's strong three-valued logic. The zero value is Unknown.
type Truth int8

// The three values.
const (
	Unknown Truth = 0
	Yes     Truth = 1
	No      Truth = -1
)

// And is No if either is No, Yes if both are Yes, else Unknown.
func (t Truth) And(u Truth) Truth { return min(t, u) }

// Or is Yes if either is Yes, No if both are No, else Unknown.
func (t Truth) Or(u Truth) Truth { return max(t, u) }

// Not turns Yes and No round.
func (t Truth) Not() Truth { return -t }

// String returns "yes", "no" or "unknown".
func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "unknown"
	}
}

// MarshalText writes the form of String.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the form of String; the empty text is Unknown.
func (t *Truth) UnmarshalText(b []byte) error {
	switch string(b) {
	case "yes":
		*t = Yes
	case "no":
		*t = No
	case "", "unknown":
		*t = Unknown
	default:
		return &Error{Code: Invalid, Key: "truth.value", Args: map[string]any{"value": string(b)}}
	}
	return nil
}
