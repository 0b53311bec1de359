package portal

import (
	"context"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func needListing(o *scene.Opportunity) *scene.Listing { return &o.Listing }
func offerListing(c *scene.Capability) *scene.Listing { return &c.Listing }

// listingsOf returns what the rows share with the other kind.
func listingsOf[T any](rows []T, listing func(*T) *scene.Listing) []*scene.Listing {
	out := make([]*scene.Listing, len(rows))
	for i := range rows {
		out[i] = listing(&rows[i])
	}
	return out
}

// learnOrgs reads the English names of the organisations behind rows, in one
// step, if the page is English. Listings carry the registered name only.
func (v *visit) learnOrgs(ctx context.Context, needs []scene.Opportunity, offers []scene.Capability) error {
	if v.lang != locale.En {
		return nil
	}
	if v.orgs == nil {
		v.orgs = map[scene.ID]string{}
	}
	var unknown []scene.ID
	for _, l := range append(listingsOf(needs, needListing), listingsOf(offers, offerListing)...) {
		if _, ok := v.orgs[l.OrgID]; !ok && l.OrgID != "" {
			v.orgs[l.OrgID] = ""
			unknown = append(unknown, l.OrgID)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	rows, err := v.catalogue.OrganisationsByID(ctx, unknown)
	for i := range rows {
		v.orgs[rows[i].ID] = rows[i].NameEn
	}
	return err
}

// orgName is the name of an organisation in the reader's language.
func (v *visit) orgName(id scene.ID, registered string) string {
	return first(v.orgs[id], registered)
}
