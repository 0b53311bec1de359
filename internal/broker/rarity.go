package broker

import "jinghe/search"

// Documents is the number of listings of both sides whose words are counted:
// those of its indexes, none where it has none.
func (m *Market) Documents() int { return m.counted(search.Statistics.Documents) }

// DocFreq is the number of listings of both sides that have a term, folded, in
// their name or texts.
func (m *Market) DocFreq(term string) int {
	return m.counted(func(s search.Statistics) int { return s.DocFreq(term) })
}

func (m *Market) counted(count func(search.Statistics) int) int {
	n := 0
	for _, s := range []*side{&m.needs, &m.offers} {
		if index, ok := s.index.(search.Statistics); ok {
			n += count(index)
		}
	}
	return n
}
