package scene

import (
	"encoding/json"
	"testing"
)

// Kleene's tables, written out.
func TestTruthTables(t *testing.T) {
	t.Parallel()
	tests := []struct{ a, b, and, or Truth }{
		{Yes, Yes, Yes, Yes},
		{Yes, Unknown, Unknown, Yes},
		{Yes, No, No, Yes},
		{Unknown, Yes, Unknown, Yes},
		{Unknown, Unknown, Unknown, Unknown},
		{Unknown, No, No, Unknown},
		{No, Yes, No, Yes},
		{No, Unknown, No, Unknown},
		{No, No, No, No},
	}
	for _, tt := range tests {
		if got := tt.a.And(tt.b); got != tt.and {
			t.Errorf("%v and %v = %v", tt.a, tt.b, got)
		}
		if got := tt.a.Or(tt.b); got != tt.or {
			t.Errorf("%v or %v = %v", tt.a, tt.b, got)
		}
		if tt.a.And(tt.b).Not() != tt.a.Not().Or(tt.b.Not()) {
			t.Errorf("De Morgan fails for %v, %v", tt.a, tt.b)
		}
	}
	for in, want := range map[Truth]Truth{Yes: No, No: Yes, Unknown: Unknown} {
		if in.Not() != want {
			t.Errorf("not %v = %v", in, in.Not())
		}
	}
	if Truth(0) != Unknown {
		t.Error("the zero value is not Unknown")
	}
}

func TestTruthJSON(t *testing.T) {
	t.Parallel()
	for v, text := range map[Truth]string{Yes: `"yes"`, No: `"no"`, Unknown: `"unknown"`} {
		b, err := json.Marshal(v)
		if err != nil || string(b) != text {
			t.Errorf("Marshal(%v) = %s, %v", v, b, err)
		}
		got := Yes
		if err := json.Unmarshal(b, &got); err != nil || got != v {
			t.Errorf("Unmarshal(%s) = %v, %v", b, got, err)
		}
	}
	got := Yes
	if err := json.Unmarshal([]byte(`""`), &got); err != nil || got != Unknown {
		t.Errorf("empty text: %v, %v", got, err)
	}
	if err := got.UnmarshalText([]byte("maybe")); CodeOf(err) != Invalid || keyOf(err) != "truth.value" {
		t.Errorf("maybe: %v", err)
	}
}
