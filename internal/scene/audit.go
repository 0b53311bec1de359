package scene

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Audit is one line of the record of who did what. Lines are added in the
// transaction of the change and never altered.
type Audit struct {
	ID     ID        `json:"id"`
	At     time.Time `json:"at"`
	Actor  ID        `json:"actor"`          // account, FromConsole, or "" for a visitor
	Name   string    `json:"name,omitempty"` // of the actor, as it was
	From   string    `json:"from,omitempty"` // network address
	Action string    `json:"action"`         // "listing.submit", "account.sign_in" …
	Noun   string    `json:"noun"`           // "account", "opportunity" …
	Row    ID        `json:"row,omitempty"`
	Note   string    `json:"note,omitempty"` // reason or purpose, in the actor's words
	// Changes are the fields that differ, contacts masked.
	Changes []Difference `json:"changes,omitempty"`
}

// Difference is one field before and after a change, as text.
type Difference struct {
	Field  string `json:"field"` // JSON path with dots
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Differences returns the fields in which two contents differ, in order of
// their paths. Either may be nil. What every writing changes (revision,
// updated) is left out, and contacts are masked, an account's own too, so that the record is no
// second copy of personal data.
func Differences(before, after any) ([]Difference, error) {
	x, err := flatten(before)
	if err != nil {
		return nil, Wrap("scene.Differences", err)
	}
	y, err := flatten(after)
	if err != nil {
		return nil, Wrap("scene.Differences", err)
	}
	var out []Difference
	for path, was := range x {
		if is := y[path]; is != was {
			out = append(out, masked(Difference{path, was, is}))
		}
	}
	for path, is := range y {
		if _, ok := x[path]; !ok && is != "" {
			out = append(out, masked(Difference{path, "", is}))
		}
	}
	slices.SortFunc(out, func(a, b Difference) int { return strings.Compare(a.Field, b.Field) })
	return out, nil
}

// flatten returns the leaves of v's JSON by path. A list is one leaf.
func flatten(v any) (map[string]string, error) {
	leaves := map[string]string{}
	if v == nil {
		return leaves, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // money is exact
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return leaves, collect(leaves, "", tree)
}

func collect(into map[string]string, path string, v any) error {
	if object, ok := v.(map[string]any); ok {
		for name, inner := range object {
			if path != "" {
				name = path + "." + name
			}
			if name == "revision" || name == "updated" {
				continue
			}
			if err := collect(into, name, inner); err != nil {
				return err
			}
		}
		return nil
	}
	text, err := leaf(v)
	into[path] = text
	return err
}

// leaf renders a value: text and numbers as they are, a list of texts with 、
// between, anything else as JSON.
func leaf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case []any:
		if text, ok := joined(v); ok {
			return text, nil
		}
	}
	raw, err := json.Marshal(v)
	return string(raw), err
}

func joined(list []any) (string, bool) {
	texts := make([]string, len(list))
	for i, item := range list {
		text, ok := item.(string)
		if !ok {
			return "", false
		}
		texts[i] = text
	}
	return strings.Join(texts, "、"), true
}

// masked hides what is personal in the field of a contact, or of an account,
// whose telephone and mail stand at the top.
func masked(d Difference) Difference {
	part, ok := strings.CutPrefix(d.Field, "contact.")
	if !ok && part != "phone" && part != "mail" {
		return d
	}
	for _, text := range []*string{&d.Before, &d.After} {
		c := Contact{}
		at, known := map[string]*string{"person": &c.Person, "phone": &c.Phone, "mail": &c.Mail, "raw": &c.Raw}[part]
		if !known {
			continue
		}
		*at = *text
		c = c.Masked()
		*text = *at
	}
	return d
}

// Review is one step of a listing through the hands of those who judge it.
type Review struct {
	ID      ID     `json:"id"`
	Kind    Kind   `json:"kind"`
	Listing ID     `json:"listing"`
	From    State  `json:"from"`
	To      State  `json:"to"`
	Actor   ID     `json:"actor"`
	Name    string `json:"name,omitempty"`
	// OrgID is for whom the actor took the step, "" for the centre; steps of long ago
	// do not say.
	OrgID ID `json:"org_id,omitempty"`
	// Reason is what the owner is told; required when the entry goes back.
	Reason string `json:"reason,omitempty"`
	// Wrote is the revision of the listing that the step wrote where it changed what
	// the listing says, else 0.
	Wrote int       `json:"wrote,omitempty"`
	At    time.Time `json:"at"`
}

// ProposalState says what became of a proposed revision.
type ProposalState string

// The states of a proposal.
const (
	ProposalOpen     ProposalState = "open"
	ProposalAccepted ProposalState = "accepted"
	ProposalRefused  ProposalState = "refused"
	ProposalRecalled ProposalState = "recalled" // by its author
)

// Proposal is an edit to a public listing, or another name for an organisation,
// that waits for review.
type Proposal struct {
	ID      ID            `json:"id"`
	Kind    Kind          `json:"kind"`
	Listing ID            `json:"listing"`
	OrgID   ID            `json:"org_id"`
	Base    int           `json:"base"` // revision that it was written on
	State   ProposalState `json:"state"`
	// Exactly one of the three is the content as proposed.
	Opportunity *Opportunity `json:"opportunity,omitempty"`
	Capability  *Capability  `json:"capability,omitempty"`
	Naming      *Naming      `json:"naming,omitempty"` // of the organisation that Listing then is
	Note        string       `json:"note,omitempty"`   // of the author
	Reason      string       `json:"reason,omitempty"` // of who decided
	Actor       ID           `json:"actor"`
	Created     time.Time    `json:"created"`
	Decided     time.Time    `json:"decided,omitzero"`
}
