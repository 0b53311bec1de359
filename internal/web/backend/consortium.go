package backend

import (
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// publicConsortium covers contacts in what a group shows of the rows.
func publicConsortium(c match.Consortium) *match.Consortium {
	c.Members = mapped(c.Members, func(m match.Member) match.Member {
		m.Offer = publicRef(m.Offer)
		return m
	})
	c.Clauses = mapped(c.Clauses, func(x match.Covered) match.Covered {
		x.Clause, x.Want, x.Have = scene.Redact(x.Clause), scene.Redact(x.Want), scene.Redact(x.Have)
		if x.Offer != nil {
			ref := publicRef(*x.Offer)
			x.Offer = &ref
		}
		x.Evidence = mapped(x.Evidence, func(e match.Evidence) match.Evidence {
			e.Text = scene.Redact(e.Text)
			return e
		})
		return x
	})
	return &c
}
