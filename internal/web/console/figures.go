package console

import (
	"context"
	"net/url"

	"jinghe/internal/scene"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// countable reports whether an actor is told how many entries there are: one who may
// follow the list, and read all that it counts.
func countable(by *scene.Actor) bool {
	return by.MayEver(scene.ListingFollow) && by.May(scene.ListingRead, scene.Object{}) == nil
}

// figures are how much there is of what an actor may follow, each with the list of
// just those rows. Pairs come by stage, nil where the actor may not follow them all.
func (o *Console) figures(ctx context.Context, p *ui.Page, by scene.Actor, stages map[scene.Stage]int) (list []ui.CountTab, err error) {
	add := func(key string, n int, url string) {
		list = append(list, ui.CountTab{N: n, Link: ui.Link{Text: p.T("web.console.figure." + key), URL: url}})
	}
	if countable(&by) {
		for _, state := range []string{string(scene.Published), underReview} {
			for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
				q := question{kind: kind, query: url.Values{"kind": {string(kind)}}}
				q.in(state)
				n, err := o.registry.CountEntries(ctx, by, kind, q.filter)
				if err != nil {
					return nil, err
				}
				add(state+"."+string(kind), n, q.at(entries))
			}
		}
	}
	if stages != nil {
		total := 0
		for _, n := range stages {
			total += n
		}
		add("pairs", total, pairs.Console+"?all=yes")
		add("landed", stages[scene.StageLanded], pairs.Console+"?stage="+string(scene.StageLanded))
	}
	return list, nil
}
