package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/api"
	"jinghe/internal/web/console"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

const (
	exchangePath = "/console/exchange"
	schemaPath   = "/developers/exchange.schema.json"
	// workbookType is the media type of a .xlsx.
	workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// exchange is the page of the console on which lists are exchanged with other cities.
type exchange struct {
	exchanger *api.Exchanger
	desk      *console.Console
	frame     *frame.Frame
	schema    []byte
}

// mountExchange registers the page, its files, and the schema for everybody.
func (s *Server) mountExchange(x *api.Exchanger) error {
	schema, err := api.ExchangeSchema()
	if err != nil {
		return err
	}
	e := &exchange{exchanger: x, desk: s.console(), frame: s.frame, schema: schema}
	s.get(schemaPath, edge.Visitor, func(c echo.Context) error { return c.Blob(http.StatusOK, "application/schema+json", e.schema) })
	if s.services.Accounts == nil {
		return nil
	}
	s.page(exchangePath, edge.May(scene.ListImport), func(c echo.Context) error {
		return e.page(c, http.StatusOK, "", nil, nil)
	})
	s.post(exchangePath, edge.May(scene.ListImport), ClassForm, e.take)
	s.get(exchangePath+".json", edge.May(scene.ListImport), e.give(api.ExchangeJSON, "application/json"))
	s.get(exchangePath+".xlsx", edge.May(scene.ListImport), e.give(transfer.XLSX, workbookType))
	return nil
}

func (e *exchange) page(c echo.Context, status int, from string, report *registry.ForeignReport, fault error) error {
	p, tabs, err := e.desk.Page(c, "web.exchange.title", "/console/imports")
	if err != nil {
		return err
	}
	v := ui.Exchange{
		Nav: tabs, Action: exchangePath, Limit: strconv.Itoa(api.MaxExchange>>20) + " MiB", Fault: frame.Sentence(p.Lang, fault),
		Files: []ui.Link{
			{Text: p.T("web.exchange.xlsx"), URL: exchangePath + ".xlsx"},
			{Text: p.T("web.exchange.json"), URL: exchangePath + ".json"},
			{Text: p.T("web.exchange.schema"), URL: schemaPath},
		},
	}
	if e.exchanger.Site == "" {
		v.Missing = p.T("exchange.no_address")
	}
	if faulty, ok := errors.AsType[*scene.Error](fault); ok {
		for _, f := range faulty.Fields {
			v.Faults = append(v.Faults, f.Field+": "+locale.Text(p.Lang, f.Key, f.Args))
		}
	}
	if report != nil {
		v.Notice = p.T("web.exchange.done", "name", from, "created", report.Created, "changed", report.Changed,
			"unchanged", report.Unchanged, "withdrawn", report.Withdrawn)
		for _, f := range report.Refused {
			v.Refused = append(v.Refused, ui.Fact{Label: f.Name, Value: locale.Error(p.Lang, f.Err)})
		}
	}
	return e.frame.Render(c, status, ui.ExchangePage(p, v))
}

// take answers POST /console/exchange.
func (e *exchange) take(c echo.Context) error {
	ctx := c.Request().Context()
	doc, err := readExchange(c)
	var report registry.ForeignReport
	if err == nil {
		report, err = e.exchanger.Take(ctx, edge.From(ctx).Actor, &doc)
	}
	if err == nil {
		return e.page(c, http.StatusOK, doc.Origin.Name, &report, nil)
	}
	if frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge {
		return e.page(c, edge.Status(scene.CodeOf(err)), "", nil, err)
	}
	return err
}

// readExchange reads the file of the form.
func readExchange(c echo.Context) (doc api.Exchange, err error) {
	head, err := c.FormFile("file")
	if err != nil {
		return doc, &scene.Error{Code: scene.Invalid, Op: "web.readExchange", Key: "exchange.none", Err: err}
	}
	f, err := head.Open()
	if err != nil {
		return doc, scene.Wrap("web.readExchange", err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, api.MaxExchange+1))
	if err != nil {
		return doc, scene.Wrap("web.readExchange", err)
	}
	return api.ReadExchange(c.Request().Context(), head.Filename, content)
}

// give answers GET /console/exchange.json and .xlsx, page by page of the rows. What
// breaks off cuts the connection: nobody takes half a list for a whole one.
func (e *exchange) give(format transfer.Format, media string) echo.HandlerFunc {
	return func(c echo.Context) error {
		write, made, err := e.exchanger.Give(c.Request().Context(), format)
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set(echo.HeaderContentDisposition, exchangeName(made, format))
		h.Set(echo.HeaderContentType, media)
		if _, err = write(c.Response()); err != nil && c.Response().Committed {
			panic(http.ErrAbortHandler)
		}
		return err
	}
}

// exchangeName has a browser keep a file under a name with its day.
func exchangeName(made time.Time, format transfer.Format) string {
	return `attachment; filename="jinghe-exchange` + made.Format("-2006-01-02") + `.` + string(format) + `"`
}
