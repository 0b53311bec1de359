package lexicon_test

import (
	"fmt"

	"jinghe/search/lexicon"
)

func Example() {
	lex, err := lexicon.New(lexicon.Entry{Word: "曝气风机", Synonyms: []string{"鼓风机"}})
	if err != nil {
		panic(err)
	}
	text := "污水處理廠曝气风机ＡＩ控制"
	fmt.Println(lex.Fold(text))
	for _, w := range lex.Words(text) {
		fmt.Println(w.Term, w.Kind, w.Start, w.End)
	}
	fmt.Println(lex.Synonyms("曝气风机"))
	fmt.Println(lex.Pinyin("重庆银行"))
	// Output:
	// 污水处理厂曝气风机ai控制
	// 污水处理厂 word 0 5
	// 曝气风机 word 5 9
	// ai latin 9 11
	// 控制 word 11 13
	// [鼓风机]
	// chongqingyinhang cqyh
}
