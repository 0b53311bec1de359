package portal

import (
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// What a page says of itself in terms of schema.org: a need is a Demand, a
// capability a Service that is offered. Only what stands on the page, and never
// a contact.

const schemaContext = "https://schema.org"

// thing is a node; an empty value is left out.
type thing map[string]any

func (t thing) set(name string, value any) {
	switch x := value.(type) {
	case string:
		if x == "" {
			return
		}
	case thing:
		if len(x) == 0 {
			return
		}
	case []string:
		if len(x) == 0 {
			return
		}
	}
	t[name] = value
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (v *visit) schemaOrg(id scene.ID, name string) thing {
	t := thing{"@type": "Organization", "name": name}
	if id != "" {
		t["url"] = v.site.URL + organisationURL(id)
	}
	return t
}

func price(r scene.MoneyRange) thing {
	t := thing{}
	if r.Min > 0 {
		t["minPrice"] = int64(r.Min / scene.Yuan)
	}
	if r.Max > 0 {
		t["maxPrice"] = int64(r.Max / scene.Yuan)
	}
	if len(t) > 0 {
		t["@type"], t["priceCurrency"] = "PriceSpecification", "CNY"
	}
	return t
}

func (v *visit) schemaNeed(o *scene.Opportunity) thing {
	t := thing{"@context": schemaContext, "@type": "Demand", "name": v.name(&o.Listing), "url": v.site.URL + listingURL(scene.KindOpportunity, o.ID)}
	t.set("description", ui.Short(needText(o), 500))
	t.set("identifier", o.Code)
	t.set("validFrom", day(o.ValidFrom))
	t.set("validThrough", day(o.ValidTo))
	t.set("areaServed", first(v.labels(scene.DictRegion, o.Regions), o.SiteText))
	t.set("priceSpecification", price(o.Budget))
	t["itemOffered"] = thing{
		"@type": "Service", "name": v.name(&o.Listing), "serviceType": v.labels(scene.DictField, o.Fields),
		"audience": thing{"@type": "Audience", "name": v.orgName(o.OrgID, o.OrgName)},
	}
	return t
}

func (v *visit) schemaOffer(c *scene.Capability) thing {
	address := v.site.URL + listingURL(scene.KindCapability, c.ID)
	t := thing{"@context": schemaContext, "@type": "Service", "name": v.name(&c.Listing), "url": address, "provider": v.schemaOrg(c.OrgID, v.orgName(c.OrgID, c.OrgName))}
	t.set("description", ui.Short(offerText(c), 500))
	t.set("identifier", c.Code)
	t.set("serviceType", v.labels(scene.DictField, c.Fields))
	t.set("areaServed", v.labels(scene.DictRegion, c.Regions))
	offer := thing{"@type": "Offer", "url": address}
	offer.set("validFrom", day(c.ValidFrom))
	offer.set("validThrough", day(c.ValidTo))
	offer.set("priceSpecification", price(c.Price))
	t["offers"] = offer
	return t
}

func (v *visit) schemaOrganisation(o *scene.Organisation) thing {
	t := v.schemaOrg(o.ID, o.Name)
	t["@context"] = schemaContext
	t.set("alternateName", o.NameEn)
	t.set("description", ui.Short(o.Profile, 500))
	t.set("address", o.Address)
	t.set("identifier", string(o.CreditCode))
	return t
}

func (v *visit) schemaShowcase(s *scene.Showcase) thing {
	t := thing{"@context": schemaContext, "@type": "Article", "headline": v.showcaseName(s), "url": v.site.URL + showcaseURL(s.ID)}
	t.set("articleBody", s.Scenario)
	t.set("dateModified", day(s.Updated))
	t.set("about", v.labels(scene.DictField, s.Fields))
	t["mentions"] = []thing{{"@type": "Organization", "name": s.Owner}, {"@type": "Organization", "name": s.Provider}}
	return t
}
