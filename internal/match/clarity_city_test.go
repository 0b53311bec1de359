package match

import (
	"slices"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// cityProfiles returns the sample city as profiles, with its manifest.
func cityProfiles(t *testing.T) (*Engine, []*Profile, samplecity.Manifest) {
	t.Helper()
	rows, err := samplecity.Load(today())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := samplecity.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	plain := newTestEngine(t)
	e, err := New(plain.lex, dicts, plain.weights)
	if err != nil {
		t.Fatal(err)
	}
	profiles := make([]*Profile, len(rows))
	for i := range rows {
		if o := rows[i].Opportunity; o != nil {
			profiles[i] = e.Need(o, &rows[i].Org)
		} else {
			profiles[i] = e.Offer(rows[i].Capability, &rows[i].Org)
		}
	}
	return e, profiles, manifest
}

// TestClarityOfTheCity: what the city wrote vaguely on purpose stands below
// everything else, on both sides, and of the rest next to nothing is blamed for
// blurred words.
func TestClarityOfTheCity(t *testing.T) {
	t.Parallel()
	e, profiles, manifest := cityProfiles(t)
	for _, side := range []Side{SideNeed, SideOffer} {
		best, least, blurred, plain := 0.0, 1.0, 0, 0
		for _, p := range profiles {
			if p.Side != side {
				continue
			}
			c := e.Clarity(p, locale.Zh)
			if slices.Contains(manifest.Flaws[samplecity.Vague], p.Ref.Code) {
				best = max(best, c.Score)
				if side == SideNeed && !c.Vague {
					t.Errorf("%s %s is not called vague", p.Ref.Code, p.Ref.Name)
				}
				continue
			}
			plain++
			least = min(least, c.Score)
			if slices.ContainsFunc(c.Advice, func(a Advice) bool { return a.Passage != nil }) {
				blurred++
			}
			if c.Vague {
				t.Errorf("%s %s is called vague", p.Ref.Code, p.Ref.Name)
			}
		}
		if best >= least {
			t.Errorf("%s: a vague one has %.2f, a plain one %.2f", side, best, least)
		}
		if 50*blurred > plain {
			t.Errorf("%s: %d of %d plainly written ones are blamed for blurred words", side, blurred, plain)
		}
	}
}
