package transfer

import (
	"jinghe/internal/scene"
)

// encoder writes the cells of one kind in one layout.
type encoder struct {
	terms  *terms
	has    map[Field]bool // fields that the layout has columns for
	heads  map[Field]string
	masked bool
}

// contact returns the row's contact as it may be shown.
func (e *encoder) contact(r *scene.Row) scene.Contact {
	c := r.Listing().Contact
	if e.masked {
		return c.Masked()
	}
	return c
}

// asPrinted returns the cell that the row came with, if it was kept because it
// said more than was understood, else text.
func (e *encoder) asPrinted(f Field, r *scene.Row, text string) string {
	if kept, ok := r.Listing().Extra[e.heads[f]]; ok {
		return kept
	}
	return text
}

// codesOfBoth writes fields of use and, where the layout has no column for
// them, industries.
func (e *encoder) codesOfBoth(r *scene.Row) string {
	l := r.Listing()
	text := e.terms.write(scene.DictField, l.Fields)
	if e.has[fieldIndustries] || len(l.Industries) == 0 {
		return text
	}
	industries := e.terms.write(scene.DictIndustry, l.Industries)
	if text == "" {
		return industries
	}
	return text + "、" + industries
}

// money writes r for the column of f: without a unit where its head names 万元.
func (e *encoder) money(f Field, r scene.MoneyRange) string {
	text := formatMoney(r)
	if text == "" || text == "面议" || headUnit(e.heads[f]) == scene.Wan {
		return text
	}
	return withUnit(text)
}
