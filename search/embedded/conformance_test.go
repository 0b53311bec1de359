package embedded_test

import (
	"flag"
	"testing"

	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
	"jinghe/search/searchtest"
)

var update = flag.Bool("update", false, "write the golden rankings of package searchtest anew")

func TestConformance(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	open := func(testing.TB) search.Engine { return embedded.New(lex) }
	var options []searchtest.Option
	if *update {
		options = append(options, searchtest.Record("../searchtest/testdata/golden.json"))
	}
	searchtest.Run(t, open, options...)
}
