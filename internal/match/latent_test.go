package match

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

// catalogue has two topics whose listings share words within a topic only.
func catalogue(e *Engine) []*Profile {
	water := []string{"排水泵站", "管网液位", "内涝积水", "污水处理", "雨水井盖", "河道水质"}
	care := []string{"养老机构", "跌倒报警", "老人看护", "心率手环", "康复护理", "助餐配送"}
	var list []*Profile
	for i := range 240 {
		topic := water
		if i%2 == 1 {
			topic = care
		}
		a, b, c := topic[i%6], topic[(i/2)%6], topic[(i/3)%6]
		list = append(list, e.Offer(&scene.Capability{Listing: scene.Listing{Name: a + b}, Description: b + c + a}, nil))
	}
	return list
}

func TestLearnTellsTopicsApart(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	l, err := e.Learn(t.Context(), catalogue(e), LearnOptions{Dim: 16})
	if err != nil || l == nil {
		t.Fatal(l, err)
	}
	place := func(name string) Vector { return l.Vector(e.Need(aNeed(name, ""), nil)) }
	same, other := 0.0, 0.0
	for _, w := range []string{"排水泵站", "管网液位", "污水处理", "雨水井盖"} {
		same += place("内涝积水").dot(place(w)) / 4
	}
	for _, w := range []string{"养老机构", "跌倒报警", "心率手环", "助餐配送"} {
		other += place("内涝积水").dot(place(w)) / 4
	}
	if same < other+0.3 {
		t.Errorf("same topic %.3f, other topic %.3f", same, other)
	}
	if v := place("内涝积水"); math.Abs(v.dot(v)-1) > 1e-5 {
		t.Errorf("a vector of length² %v", v.dot(v))
	}
	if place("quantum") != nil {
		t.Error("a text without known terms has a place")
	}
}

func TestLearnIsDeterministic(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	a, err := e.Learn(t.Context(), catalogue(e), LearnOptions{Dim: 16})
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Learn(t.Context(), catalogue(e), LearnOptions{Dim: 16})
	if err != nil {
		t.Fatal(err)
	}
	p := e.Need(aNeed("泵站积水", "养老"), nil)
	if !slices.Equal(a.Vector(p), b.Vector(p)) {
		t.Error("the same catalogue gave two spaces")
	}
}

func TestLearnNeedsSomethingToLearnFrom(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	if l, err := e.Learn(t.Context(), catalogue(e)[:2], LearnOptions{}); l != nil || err != nil {
		t.Errorf("two listings taught %v, %v", l, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Learn(ended, catalogue(e), LearnOptions{}); err == nil {
		t.Error("an ended context is not told")
	}
}

func TestFeedbackSharesWords(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	first := e.Offer(anOffer("积水监测终端", "窨井液位传感"), nil)
	like := e.Offer(anOffer("窨井液位计", "传感"), nil)
	unlike := e.Offer(anOffer("跌倒检测仪", "老人"), nil)
	space := market(t, e, first, like, unlike)
	q := e.Query(e.Need(aNeed("积水监测", ""), nil), space)
	if v := q.feedbackValue(like); v != neutral {
		t.Errorf("before feedback: %v", v)
	}
	q.Feed(e.Feedback([]Liked{{first, 1}}, space.Terms))
	if a, b := q.feedbackValue(like), q.feedbackValue(unlike); a <= b {
		t.Errorf("like %v, unlike %v", a, b)
	}
	if e.Feedback(nil, space.Terms) != nil {
		t.Error("no offers give feedback")
	}
}

func TestPairCounts(t *testing.T) {
	t.Parallel()
	p := newPairCounts(4)
	for i := range int32(1000) {
		p.add(i%50, 50+i%7, 1)
	}
	sum, n := float32(0), 0
	p.each(func(a, b int32, c float32) {
		if a >= 50 || b < 50 {
			t.Fatal(fmt.Sprint("pair ", a, b))
		}
		sum += c
		n++
	})
	if sum != 1000 || n != 350 {
		t.Errorf("%v counts in %d pairs, want 1000 in 350", sum, n)
	}
}
