package scene

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
)

// Origin is the other city's centre that a listing belongs to. One that has an
// origin is matched and shown here, and changed there alone.
type Origin struct {
	Site string `json:"site"` // address of that centre's service, which tells it from all others
	Name string `json:"name"` // of the centre
	ID   ID     `json:"id"`   // of the listing there
}

// Foreign reports whether the listing belongs to another city's centre.
func (l *Listing) Foreign() bool { return l.Origin != nil }

// LocalID is the id under which a listing of another centre is kept here: always
// the same for the same one.
func (o *Origin) LocalID(kind Kind) ID {
	sum := sha256.Sum256([]byte(o.Site + "\x1f" + string(kind) + "\x1f" + string(o.ID)))
	return ID(base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// SourceOf names the list of another centre's listings, see [Listing.Source].
func SourceOf(site string) string { return "exchange " + site }

// changesListing reports whether an action changes what a listing says or where
// it stands: what is left to its own centre.
func (a Action) changesListing() bool {
	return slices.Contains([]Action{
		ListingEdit, ListingAmend, ListingPropose, ListingSubmit, ListingWithdraw, ListingReview, ListingRevise, ListingRetire,
	}, a)
}
