package portal

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// A card carries the address of an entry to where links are not clicked: 微信,
// paper, a slide. It is a picture of the address and a page with the picture and
// the title, to save or to print. No outside service has a part in it.

const (
	codeSide  = 480 // pixels
	codeQuiet = 32  // the white edge that readers need
)

// OpportunityCard and CapabilityCard answer GET /…/:id/card.
func (p *Portal) OpportunityCard(c echo.Context) error { return p.card(c, scene.KindOpportunity) }

// CapabilityCard answers GET /capabilities/:id/card.
func (p *Portal) CapabilityCard(c echo.Context) error { return p.card(c, scene.KindCapability) }

// OpportunityCode answers GET /opportunities/:id/card.png.
func (p *Portal) OpportunityCode(c echo.Context) error { return p.code(c, scene.KindOpportunity) }

// CapabilityCode answers GET /capabilities/:id/card.png.
func (p *Portal) CapabilityCode(c echo.Context) error { return p.code(c, scene.KindCapability) }

func (v *visit) one(kind scene.Kind) (l scene.Listing, money string, err error) {
	ctx, id := v.c.Request().Context(), scene.ID(v.c.Param("id"))
	if kind == scene.KindCapability {
		c, err := v.catalogue.Capability(ctx, id)
		if err != nil {
			return l, "", err
		}
		return c.Listing, ui.MoneyRange(v.lang, c.Price), v.learnOrgs(ctx, nil, []scene.Capability{c})
	}
	o, err := v.catalogue.Opportunity(ctx, id)
	if err != nil {
		return l, "", err
	}
	return o.Listing, ui.MoneyRange(v.lang, o.Budget), v.learnOrgs(ctx, []scene.Opportunity{o}, nil)
}

// entryAddress is the address of an entry as a telephone has to know it: by the
// public one, or else by that under which it was asked for.
func (v *visit) entryAddress(kind scene.Kind, id scene.ID) string {
	base := v.site.URL
	if base == "" {
		base = v.c.Scheme() + "://" + v.c.Request().Host
	}
	return base + listingURL(kind, id)
}

func (p *Portal) card(c echo.Context, kind scene.Kind) error {
	v := p.visit(c)
	l, money, err := v.one(kind)
	if err != nil {
		return scene.Wrap("portal.card", err)
	}
	view := ui.CardPage{
		Kind: kind, Name: v.name(&l), Org: v.orgName(l.OrgID, l.OrgName), Fields: v.labels(scene.DictField, l.Fields),
		Until: ui.Date(v.lang, l.ValidTo), Address: v.entryAddress(kind, l.ID), Picture: listingURL(kind, l.ID) + "/card.png", BackURL: listingURL(kind, l.ID),
	}
	view.MoneyLabel = v.t("web.budget")
	if kind == scene.KindCapability {
		view.MoneyLabel = v.t("web.price")
	}
	view.Money = money
	v.page.Title, v.page.NoIndex, v.page.More, v.page.Nav = view.Name, true, true, listPath(kind)[1:]
	return v.ok(ui.CardPageView(v.page, view))
}

func (p *Portal) code(c echo.Context, kind scene.Kind) error {
	v := p.visit(c)
	l, _, err := v.one(kind)
	if err != nil {
		return scene.Wrap("portal.code", err)
	}
	picture, err := drawCode(v.entryAddress(kind, l.ID))
	if err != nil {
		return scene.Wrap("portal.code", err)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Content-Disposition", `inline; filename="`+strings.Trim(string(l.ID), `"\`)+`.png"`)
	return c.Blob(http.StatusOK, "image/png", picture)
}

// drawCode returns the address as a QR code in PNG, with its quiet edge.
func drawCode(address string) ([]byte, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "portal.drawCode", Err: err}
	}
	scaled, err := barcode.Scale(code, codeSide, codeSide)
	if err != nil {
		return nil, &scene.Error{Code: scene.Internal, Op: "portal.drawCode", Err: err}
	}
	side := codeSide + 2*codeQuiet
	paper := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	draw.Draw(paper, image.Rect(codeQuiet, codeQuiet, side-codeQuiet, side-codeQuiet), scaled, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, paper); err != nil {
		return nil, &scene.Error{Code: scene.Internal, Op: "portal.drawCode", Err: err}
	}
	return b.Bytes(), nil
}
