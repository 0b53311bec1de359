package convene

import (
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// likeness tells whether a delegate who was typed is one whom a party has.
type likeness func(held, typed *scene.Delegate) bool

// likenesses are how a delegate is known again, the surest first: by his name, by his mail,
// and by a slip of the pen put right.
func (s *Service) likenesses() []likeness {
	return []likeness{sameName, sameMail, s.slipped}
}

func sameName(held, typed *scene.Delegate) bool {
	key := scene.NameKey(held.Name)
	return key != "" && key == scene.NameKey(typed.Name)
}

func sameMail(held, typed *scene.Delegate) bool {
	mail := strings.TrimSpace(typed.Mail)
	return mail != "" && strings.EqualFold(mail, held.Mail)
}

// slipped reports whether a name is read like another, in the same post, and nothing speaks
// against one person: the wrong character of a sound was typed, as 冯五 for 冯伍. Names
// that are merely similar are those of two people.
func (s *Service) slipped(held, typed *scene.Delegate) bool {
	a, _ := s.spell(strings.TrimSpace(held.Name))
	b, _ := s.spell(strings.TrimSpace(typed.Name))
	return a != "" && a == b && held.Post == strings.TrimSpace(typed.Post) && (held.Mail == "" || typed.Mail == "")
}

// recognise gives delegates who were typed without an id the id of whom the party has, and
// his absences where none were typed: so he keeps link, badge and check-in. Each of those
// who are there is taken for one, of two with one name in their order.
func (s *Service) recognise(held, typed []scene.Delegate) []scene.Delegate {
	typed = slices.Clone(typed)
	left := slices.DeleteFunc(slices.Clone(held), func(d scene.Delegate) bool {
		return d.Unnamed || slices.ContainsFunc(typed, func(x scene.Delegate) bool { return x.ID == d.ID })
	})
	for _, alike := range s.likenesses() {
		for i := range typed {
			d := &typed[i]
			k := slices.IndexFunc(left, func(h scene.Delegate) bool { return d.ID == "" && alike(&h, d) })
			if k < 0 {
				continue
			}
			d.ID = left[k].ID
			if d.Away == nil {
				d.Away = left[k].Away
			}
			left = slices.Delete(left, k, k+1)
		}
	}
	return typed
}

// another tells whether in the place of a delegate somebody else is named, who has agreed
// to nothing.
func (s *Service) another(held *scene.Delegate, typed *scene.Delegate) bool {
	return !held.Unnamed && !slices.ContainsFunc(s.likenesses(), func(alike likeness) bool { return alike(held, typed) })
}
