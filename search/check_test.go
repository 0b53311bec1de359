package search_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"jinghe/search"
)

func schema() search.Schema {
	return search.Schema{Text: []search.TextField{{Name: "name", Weight: 1}}, Facets: []string{"field"}, Numbers: []string{"price"}}
}

func TestSchemaCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*search.Schema)
		ok     bool
	}{
		"OK":              {func(*search.Schema) {}, true},
		"ErrNoText":       {func(s *search.Schema) { s.Text = nil }, false},
		"ErrTooManyTexts": {func(s *search.Schema) { s.Text = make([]search.TextField, search.MaxTextFields+1) }, false},
		"ErrZeroWeight":   {func(s *search.Schema) { s.Text[0].Weight = 0 }, false},
		"ErrNaNWeight":    {func(s *search.Schema) { s.Text[0].Weight = math.NaN() }, false},
		"ErrNameTwice":    {func(s *search.Schema) { s.Numbers = append(s.Numbers, "name") }, false},
		"ErrEmptyName":    {func(s *search.Schema) { s.Facets = append(s.Facets, "") }, false},
	}
	for name, c := range cases {
		s := schema()
		c.change(&s)
		if err := s.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaEqualAndClone(t *testing.T) {
	t.Parallel()
	s := schema()
	c := s.Clone()
	if !s.Equal(c) {
		t.Error("a clone differs")
	}
	c.Text[0].Weight = 2
	if s.Equal(c) || s.Text[0].Weight != 1 {
		t.Error("a clone shares memory, or a weight makes no difference")
	}
}

func TestCheckFilter(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, c := range map[string]search.Clause{
		"nothing named": {},
		"both named":    {Facet: "field", Number: "price"},
		"other facet":   {Facet: "price"},
		"other number":  {Number: "field"},
		"bound":         {Number: "price", Max: &nan},
	} {
		var e *search.Error
		if err := schema().CheckFilter([]search.Clause{{Facet: "field"}, c}); !errors.As(err, &e) || e.Kind != search.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := schema().CheckFilter([]search.Clause{{Facet: "field"}, {Number: "price"}}); err != nil {
		t.Error(err)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	err := &search.Error{Kind: search.Unavailable, Detail: "no answer", Err: io.ErrUnexpectedEOF}
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("%v", err)
	}
}
