package embedded

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"jinghe/search"
)

func TestTermTable(t *testing.T) {
	t.Parallel()
	table := newTermTable(4)
	const n = 5000 // far beyond the size expected
	for i := range n {
		term := fmt.Sprint("词", i)
		if got := intern(table, term, hashTerm(term)); got != uint32(i) {
			t.Fatalf("%s has number %d, want %d", term, got, i)
		}
	}
	for i := range n {
		term := fmt.Sprint("词", i)
		if got := table.find(term, hashTerm(term)); got != i || string(table.term(uint32(i))) != term {
			t.Fatalf("%s found at %d", term, got)
		}
		if again := intern(table, []byte(term), hashTerm([]byte(term))); again != uint32(i) {
			t.Fatalf("%s got another number %d", term, again)
		}
	}
	if table.find("没有", hashTerm("没有")) >= 0 {
		t.Error("found what is not there")
	}
}

func TestPatternsNeverRunOut(t *testing.T) {
	t.Parallel()
	table := newPatternTable()
	for i := range 1 << 17 {
		var p pattern
		p[0], p[1], p[2] = uint8(i), uint8(i>>8), uint8(i>>16)+1
		got := table.patterns[table.number(p)]
		if i < maxPatterns-10 && got != p || got == (pattern{}) {
			t.Fatalf("pattern %v became %v", p, got)
		}
	}
	if len(table.patterns) > 1<<16 {
		t.Errorf("%d patterns do not fit 16 bits", len(table.patterns))
	}
}

func TestSmallest(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 60 {
		list := make([]hit, n)
		for i := range list {
			list[i] = hit{key: float64(rng.IntN(5)), doc: uint16(rng.IntN(6))}
		}
		byKeyAndDoc := func(a, b hit) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.doc, b.doc)) }
		want := slices.SortedFunc(slices.Values(list), byKeyAndDoc)
		k := rng.IntN(n + 1)
		smallest(list, k, byKeyAndDoc)
		if !slices.Equal(list[:k], want[:k]) {
			t.Fatalf("first %d of %d: %v, want %v", k, n, list[:k], want[:k])
		}
	}
}

func TestSkipTo(t *testing.T) {
	t.Parallel()
	var posts []posting
	for doc := uint16(3); doc < 400; doc += 3 {
		posts = append(posts, posting{doc: doc})
	}
	for doc := range uint16(410) {
		want := slices.IndexFunc(posts, func(p posting) bool { return p.doc >= doc })
		got := skipTo(posts, doc)
		if want < 0 && len(got) != 0 || want >= 0 && len(got) != len(posts)-want {
			t.Fatalf("to %d: %d left, want from %d", doc, len(got), want)
		}
	}
}

func TestTopHits(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 2))
	top := &topHits{keep: 10}
	var all []float32
	for range 200 {
		score := rng.Float32() + 0.01
		all = append(all, score)
		if score > top.floor() {
			top.add(hit{score: score})
		}
	}
	slices.Sort(all)
	var kept []float32
	for _, h := range top.hits {
		kept = append(kept, h.score)
	}
	slices.Sort(kept)
	if !slices.Equal(kept, all[190:]) {
		t.Errorf("kept %v", kept)
	}
}

func TestPickMerge(t *testing.T) {
	t.Parallel()
	sized := func(n, deleted int) part {
		r := newRows(search.Schema{}, 0)
		r.ids = make([]string, n)
		return part{segment: &segment{rows: r}, deleted: deleted}
	}
	cases := []struct {
		name  string
		parts []part
		want  []int
	}{
		{"nothing", nil, nil},
		{"too few", []part{sized(1, 0), sized(1, 0), sized(1, 0)}, nil},
		{"four alike", []part{sized(1, 0), sized(3, 0), sized(2, 0), sized(9000, 0), sized(1, 0)}, []int{0, 4, 2, 1}},
		{"many deleted", []part{sized(100, 10), sized(100, 30)}, []int{1}},
		{"full segments stay", []part{sized(60_000, 0), sized(60_000, 0), sized(60_000, 0), sized(60_000, 0)}, nil},
	}
	for _, c := range cases {
		if got := pickMerge(c.parts); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
