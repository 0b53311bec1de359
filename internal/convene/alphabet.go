package convene

import (
	"cmp"
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// indexLetters is how many initials of a name stand on a card.
const indexLetters = 4

// Alphabet returns the parties of a board as people look them up on paper: by how
// their names are spelled.
func (s *Service) Alphabet(b *Board) []scene.ID {
	ids := make([]scene.ID, 0, len(b.Parties))
	spelled := make(map[scene.ID]string, len(b.Parties))
	for id, p := range b.Parties {
		ids = append(ids, id)
		spelled[id], _ = s.spell(p.Name)
	}
	slices.SortFunc(ids, func(x, y scene.ID) int {
		return cmp.Or(cmp.Compare(spelled[x], spelled[y]), cmp.Compare(b.Name(x), b.Name(y)), cmp.Compare(x, y))
	})
	return ids
}

// Index is the beginning of a name by its initials, such as WXQF, to find a card by;
// "" where they are not known.
func (s *Service) Index(name string) string {
	_, initials := s.spell(name)
	return strings.ToUpper(initials[:min(indexLetters, len(initials))])
}
