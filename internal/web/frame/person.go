package frame

import (
	"strings"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Person names who did something, for the centre: the name, with what the person is
// and where, and the program where one asked for him. stored is how the doer was
// called then; it stands for an account that is gone, and for no account.
func Person(p *ui.Page, people map[scene.ID]account.Person, id scene.ID, stored string) string {
	x, known := people[id]
	if !known {
		if id == scene.FromConsole {
			return p.T("web.person.console")
		}
		return stored
	}
	of := []string{RoleNames(p, x.Roles)}
	if x.Staff() && x.Department != "" {
		of = append(of, x.Department)
	} else if x.Org != "" {
		of = append(of, x.Org)
	}
	name := p.T("web.person", "name", x.Name, "of", strings.Join(of, " · "))
	if _, program, asked := strings.Cut(stored, " · "); asked {
		name += " · " + program
	}
	return name
}

// Actors are the accounts that took steps.
func Actors(steps []scene.Review) []scene.ID {
	ids := make([]scene.ID, len(steps))
	for i := range steps {
		ids[i] = steps[i].Actor
	}
	return ids
}

// Colleague names who took a step of an entry, for the organisation whose entry it
// is: its own people by their names, also those who have left it, and those of the
// centre as the centre.
func Colleague(p *ui.Page, people map[scene.ID]account.Person, owner scene.ID, s *scene.Review) string {
	x, known := people[s.Actor]
	own := s.OrgID == owner || s.OrgID != "" && !x.Staff()
	if s.OrgID == "" { // taken before steps said for whom
		own = known && x.OrgID != "" && !x.Staff()
	}
	switch {
	case !own:
		return p.T("web.entry.centre")
	case !known:
		return p.T("web.entry.former")
	case x.OrgID != owner:
		return p.T("web.entry.former.named", "name", x.Name)
	}
	return x.Name
}
