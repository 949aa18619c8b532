"""Reports: written so that equal scans give equal bytes, read as if by an enemy, exported for spreadsheet and browser."""

from engine.names import display_text, path_fields, path_of, path_value
from engine.report.csv import CSV_HEAD, export_csv
from engine.report.html import HTML_HEAD, export_html
from engine.report.model import (
    Report,
    ReportCluster,
    ReportFile,
    ReportMember,
    ReportPair,
    ReportProblem,
    ReportSettings,
    ReportShot,
    Transform,
)
from engine.report.read import check_report, read_report
from engine.report.records import CHUNK, Made, Record, Records, values_of
from engine.report.strict_json import parse_json
from engine.report.write import plain_text, report_chunks, write_json, write_report

__all__ = [
    "CHUNK",
    "CSV_HEAD",
    "HTML_HEAD",
    "Made",
    "Record",
    "Records",
    "Report",
    "ReportCluster",
    "ReportFile",
    "ReportMember",
    "ReportPair",
    "ReportProblem",
    "ReportSettings",
    "ReportShot",
    "Transform",
    "check_report",
    "display_text",
    "export_csv",
    "export_html",
    "parse_json",
    "path_fields",
    "path_of",
    "path_value",
    "plain_text",
    "read_report",
    "report_chunks",
    "values_of",
    "write_json",
    "write_report",
]
