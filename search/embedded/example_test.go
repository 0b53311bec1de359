package embedded_test

import (
	"context"
	"fmt"

	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

func Example() {
	ctx := context.Background()
	lex, err := lexicon.New()
	if err != nil {
		panic(err)
	}
	engine := embedded.New(lex)
	defer engine.Close()
	ix, err := engine.Open(ctx, "capabilities", search.Schema{
		Text:   []search.TextField{{Name: "name", Weight: 3, Pinyin: true, Suggest: true}, {Name: "text", Weight: 1}},
		Facets: []string{"region"},
	})
	if err != nil {
		panic(err)
	}
	err = ix.Apply(ctx, []search.Document{
		{ID: "1", Text: map[string]string{"name": "供水管网漏损监测"}, Facets: map[string][]string{"region": {"滨湖"}}},
		{ID: "2", Text: map[string]string{"name": "無人機管網巡檢"}, Facets: map[string][]string{"region": {"新吴"}}},
	}, nil)
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"漏损", "UAV", "wurenji"} {
		r, err := ix.Search(ctx, search.Query{Text: text, Facets: []string{"region"}, Highlight: []string{"name"}})
		if err != nil {
			panic(err)
		}
		fmt.Println(text, r.Total, r.Facets["region"])
		for _, h := range r.Hits {
			fmt.Println(" ", h.ID, h.Highlights["name"])
		}
	}
	// Output:
	// 漏损 1 [{滨湖 1}]
	//   1 [{4 6}]
	// UAV 1 [{新吴 1}]
	//   2 [{0 3}]
	// wurenji 1 [{新吴 1}]
	//   2 [{0 3}]
}
