package embedded

// Documents implements [search.Statistics].
func (ix *Index) Documents() int { return ix.current.Load().docs }

// DocFreq implements [search.Statistics]. Documents deleted or replaced count
// until their segment is merged, so the figure may run a little high, never low.
func (ix *Index) DocFreq(term string) int {
	return ix.current.Load().frequency(term, hashTerm(term))
}

// AverageLength implements [search.Statistics].
func (ix *Index) AverageLength(field string) float64 {
	v := ix.current.Load()
	f := ix.schema.TextIndex(field)
	if f < 0 || v.docs == 0 {
		return 0
	}
	return float64(v.total[f]) / float64(v.docs)
}
