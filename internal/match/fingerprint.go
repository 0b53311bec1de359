package match

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"time"
)

// Fingerprint is a number that changes when anything does that a score, a
// condition or an explanation of the profile depends on. It is the same on
// every machine.
func (p *Profile) Fingerprint() uint64 {
	h := printer{}
	h.text(string(p.Ref.ID), p.Ref.Code, p.Ref.Org, string(p.Side), p.Org, p.OrgRegion, string(p.State))
	for _, t := range p.Texts {
		h.text(t.Field, t.Value)
	}
	for _, codes := range [][]string{
		p.Fields, p.Industries, p.Modes, p.Regions, p.Require.Qualifications, p.Require.Regions,
		p.Wants.Regions, p.Wants.Modes,
	} {
		h.number(float64(len(codes)))
		h.text(codes...)
	}
	for _, q := range p.Qualifications {
		h.text(q.Code, q.Text, q.Level)
		h.time(q.Until)
	}
	for _, n := range []float64{
		float64(p.Money.Min), float64(p.Money.Max), bit(p.Money.Negotiable), p.Months.Min, p.Months.Max,
		float64(p.Maturity.Min), float64(p.Maturity.Max), float64(p.Require.MinMaturity), bit(p.Require.Domestic),
		float64(p.Require.MLPS), float64(p.Require.Consortium), float64(p.FirstUse), float64(p.Wants.MinBudget),
		float64(p.Domestic), float64(p.MLPS), float64(p.Cases), bit(p.FirstOfKind), bit(p.HasIP),
	} {
		h.number(n)
	}
	h.time(p.ValidFrom)
	h.time(p.ValidTo)
	h.time(p.Updated)
	sum := fnv.New64a()
	sum.Write(h.bytes)
	return sum.Sum64()
}

// printer writes values one after the other so that no two lists of values look alike.
type printer struct{ bytes []byte }

func (h *printer) text(list ...string) {
	for _, s := range list {
		h.bytes = binary.AppendUvarint(h.bytes, uint64(len(s)))
		h.bytes = append(h.bytes, s...)
	}
}

func (h *printer) number(v float64) {
	h.bytes = binary.LittleEndian.AppendUint64(h.bytes, math.Float64bits(v))
}

// time counts to the microsecond, as rows do.
func (h *printer) time(t time.Time) {
	if t.IsZero() {
		h.number(math.Inf(-1))
		return
	}
	h.bytes = binary.LittleEndian.AppendUint64(h.bytes, uint64(t.UnixMicro()))
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
