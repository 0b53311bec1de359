package transfer

// Limits bound what one file may cost. A zero field takes that of DefaultLimits.
type Limits struct {
	File     int64 // bytes of the file
	Text     int64 // bytes of a delimited text, which is held in memory
	Unpacked int64 // bytes of all parts of a workbook, unpacked
	Part     int64 // from this size on a part's ratio is looked at
	Ratio    int64 // largest unpacked size of such a part as a multiple of its packed size
	Parts    int   // parts of a workbook
	Rows     int   // filled rows of a file
	Columns  int   // columns that are read; more are told and left
	Cell     int   // bytes of one cell as it stands in the file
}

// DefaultLimits holds a city's largest lists several times over: 200,000 rows,
// 512 MiB unpacked.
func DefaultLimits() Limits {
	const mib = 1 << 20
	return Limits{
		File: 128 * mib, Text: 128 * mib, Unpacked: 512 * mib, Part: 4 * mib, Ratio: 200,
		Parts: 5000, Rows: 200_000, Columns: 300, Cell: mib / 4,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	for _, p := range []struct{ to, from *int64 }{
		{&l.File, &d.File}, {&l.Text, &d.Text}, {&l.Unpacked, &d.Unpacked}, {&l.Part, &d.Part}, {&l.Ratio, &d.Ratio},
	} {
		if *p.to <= 0 {
			*p.to = *p.from
		}
	}
	for _, p := range []struct{ to, from *int }{
		{&l.Parts, &d.Parts}, {&l.Rows, &d.Rows}, {&l.Columns, &d.Columns}, {&l.Cell, &d.Cell},
	} {
		if *p.to <= 0 {
			*p.to = *p.from
		}
	}
	return l
}
