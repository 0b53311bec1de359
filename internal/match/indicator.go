package match

import "jinghe/internal/locale"

// Indicator is a number with a unit and a relation.
type Indicator struct{ Field, Name string }

func (e *Engine) indicators(p *Profile) []Indicator { return nil }

func indicatorValue(need, offer []Indicator) float64 { return neutral }

type comparison struct{ need, offer *Indicator }

func compare(need, offer []Indicator) []comparison { return nil }

func metIndicators(need, offer []Indicator) int { return 0 }

func (p *Profile) indicatorEvidence(i *Indicator) Evidence { return Evidence{} }

func (q *Query) indicatorGaps(offer *Profile, lang locale.Lang) []Gap { return nil }
