package ui

import (
	"strconv"
	"strings"
)

// Sizes of a chart in the units of its picture: columns stand on chartFoot, and
// the largest, or 100 %, reaches up by chartHeight.
const (
	chartWidth  = 320
	chartFoot   = 146
	chartHeight = 128
)

// at is where the middle of the i-th column is, and shift besides.
func (c *Chart) at(i, shift int) string {
	return strconv.Itoa(c.middle(i) + shift)
}

func (c *Chart) middle(i int) int { return chartWidth * (2*i + 1) / (2 * len(c.Columns)) }

// height is the y of a share in percent.
func (c *Chart) height(percent int) string { return strconv.Itoa(chartFoot - chartHeight*percent/100) }

// line joins the shares of all columns.
func (c *Chart) line(share func(*Column) int) string {
	points := make([]string, 0, len(c.Columns))
	for i := range c.Columns {
		points = append(points, c.at(i, 0)+","+c.height(share(&c.Columns[i])))
	}
	return strings.Join(points, " ")
}
