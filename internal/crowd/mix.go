package crowd

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
)

// act is one thing that people do.
type act struct {
	name  string
	share int // of a thousand requests
	do    func(ctx context.Context, g *game, rng *rand.Rand) error
}

// mix is what people do, in thousandths: 600 lists and details, 200 searches,
// 100 stored lists of matches, 50 calls of the API, 50 changes. A fifth of the
// pages is asked for by somebody who is signed in; changes always are.
func mix() []act {
	return []act{
		{"home", 60, page(func(*game, *rand.Rand) string { return "/" })},
		{"list of opportunities", 130, page(func(_ *game, rng *rand.Rand) string { return "/opportunities" + filters(rng) })},
		{"list of capabilities", 120, page(func(_ *game, rng *rand.Rand) string { return "/capabilities" + filters(rng) })},
		{"opportunity", 140, page(func(g *game, rng *rand.Rand) string { return "/opportunities/" + one(g.needs, rng).ID })},
		{"capability", 110, page(func(g *game, rng *rand.Rand) string { return "/capabilities/" + one(g.offers, rng).ID })},
		{"organisation", 40, page(func(g *game, rng *rand.Rand) string { return "/organisations/" + one(g.offers, rng).Organisation.ID })},

		{"search", 120, page(func(g *game, rng *rand.Rand) string {
			return either(rng, "/opportunities", "/capabilities") + "?q=" + url.QueryEscape(words(g, rng))
		})},
		{"search as one types", 80, page(func(g *game, rng *rand.Rand) string {
			return "/suggest?kind=" + either(rng, "opportunity", "capability") + "&q=" + url.QueryEscape(words(g, rng))
		})},

		{"matches of an opportunity", 60, page(func(g *game, rng *rand.Rand) string { return "/opportunities/" + one(g.needs, rng).ID + "/matches" })},
		{"matches of a capability", 40, page(func(g *game, rng *rand.Rand) string { return "/capabilities/" + one(g.offers, rng).ID + "/matches" })},

		{"API: a list", 15, call(func(_ *game, rng *rand.Rand) string {
			return either(rng, "/opportunities", "/capabilities") + "?limit=20&field=" + one(fields(), rng)
		})},
		{"API: an entry", 20, call(func(g *game, rng *rand.Rand) string { return "/capabilities/" + one(g.offers, rng).ID })},
		{"API: search", 15, call(func(g *game, rng *rand.Rand) string {
			return "/search?kind=capability&q=" + url.QueryEscape(words(g, rng))
		})},

		{"write: interest in an opportunity", 12, interest},
		{"write: a draft, by program", 15, func(ctx context.Context, g *game, rng *rand.Rand) error {
			return one(g.enterprises, rng).edit(ctx, rng)
		}},
		{"write: a saved search", 8, keep},
		{"write: a mark on a pair, by staff", 10, mark},
		{"write: notices read", 5, func(ctx context.Context, g *game, rng *rand.Rand) error {
			return one(g.enterprises, rng).post(ctx, "/inbox/read", url.Values{"all": {"yes"}})
		}},
	}
}

func page(path func(*game, *rand.Rand) string) func(context.Context, *game, *rand.Rand) error {
	return func(ctx context.Context, g *game, rng *rand.Rand) error { return g.reader(rng).page(ctx, path(g, rng)) }
}

func call(path func(*game, *rand.Rand) string) func(context.Context, *game, *rand.Rand) error {
	return func(ctx context.Context, g *game, rng *rand.Rand) error {
		_, _, err := g.reader(rng).call(ctx, http.MethodGet, path(g, rng), nil, nil)
		return err
	}
}

func one[T any](list []T, rng *rand.Rand) T { return list[rng.IntN(len(list))] }

func either(rng *rand.Rand, a, b string) string {
	if rng.IntN(2) == 0 {
		return a
	}
	return b
}

// fields are codes that people filter by, some of those that come with the program.
func fields() []string {
	return []string{"smart_transport", "smart_security", "smart_emergency", "smart_water", "smart_health", "smart_park", "low_altitude", "robotics", "digital_government", "smart_energy"}
}

// filters are what a list is narrowed by: half of the readers take it as it comes.
func filters(rng *rand.Rand) string {
	switch rng.IntN(4) {
	case 0:
		return "?field=" + one(fields(), rng)
	case 1:
		return "?field=" + one(fields(), rng) + "&field=" + one(fields(), rng)
	}
	return ""
}

// words are two to five characters of a name, a tenth of them with one missing.
func words(g *game, rng *rand.Rand) string {
	list := g.needs
	if rng.IntN(2) == 0 {
		list = g.offers
	}
	name := []rune(one(list, rng).Name)
	n := min(2+rng.IntN(4), len(name))
	at := rng.IntN(len(name) - n + 1)
	text := append([]rune{}, name[at:at+n]...)
	if n > 2 && rng.IntN(10) == 0 {
		gap := rng.IntN(n)
		text = append(text[:gap], text[gap+1:]...)
	}
	return string(text)
}

func interest(ctx context.Context, g *game, rng *rand.Rand) error {
	p := one(g.enterprises, rng)
	return p.post(ctx, "/workspace/engagements/new", url.Values{
		"need": {one(g.needs, rng).ID}, "offer": {one(p.Offers, rng)}, "text": {"我们的产品与贵方需求相符，希望约时间交流。"},
	})
}

func keep(ctx context.Context, g *game, rng *rand.Rand) error {
	return one(g.enterprises, rng).post(ctx, "/workspace/searches/new", url.Values{
		"words": {words(g, rng)}, "fields": {one(fields(), rng)}, "kind": {"opportunity"}, "tell": {"daily"}, "name": {words(g, rng)},
	})
}

func mark(ctx context.Context, g *game, rng *rand.Rand) error {
	return one(g.staff, rng).post(ctx, "/console/board/opportunity/"+one(g.needs, rng).ID, url.Values{
		"other": {one(g.offers, rng).ID}, "mark": {"pinned"}, "reason": {"负载测试"},
	})
}
