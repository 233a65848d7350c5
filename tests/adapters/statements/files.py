"""Statements as banks write them, of accounts that do not exist."""

from __future__ import annotations

MT940 = """\
{1:F01CENAIDJAXXXX0000000000}{2:O9400000261120CENAIDJAXXXX00000000002611200000N}{4:
:20:STMT20261120
:25:1234567890
:28C:00324/001
:60F:C261119IDR12000000,00
:61:2611201120C50371,00NTRFNONREF//FT26324A001
:86:TRSF E-BANKING CR 2011/FTSCY/WS95031
ANI WIJAYA
:61:2611201120D10000000,00NTRFDEPO-17//FT26324A002
:86:TRSF KE DIGIFLAZZ A6R5UPV 0123456789
:61:2611201120D6500,NCHGNONREF//NONREF
:86:BIAYA ADM
:61:2611201120C12,34NINTNONREF//FT26324A004
:86:BUNGA
:62F:C261120IDR2043883,34
-}
"""

CAMT053 = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T23:55:00</CreDtTm></GrpHdr>
  <Stmt>
   <Id>STMT20261120</Id><ElctrncSeqNb>324</ElctrncSeqNb>
   <Acct><Id><Othr><Id>1234567890</Id></Othr></Id><Ccy>IDR</Ccy></Acct>
   <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">12000000.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
   <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">2150742.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
   <Ntry>
    <Amt Ccy="IDR">150742.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{booked}
    <BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-21</Dt></ValDt>
    <AcctSvcrRef>BATCH-1</AcctSvcrRef>
    <NtryDtls>
     <TxDtls><Refs><AcctSvcrRef>FT26324A001</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
      <Amt Ccy="IDR">50371.00</Amt>
      <RltdPties>{dbtr}<DbtrAcct><Id><Othr><Id>777</Id></Othr></Id></DbtrAcct></RltdPties>
      <RmtInf><Ustrd>top up 50371</Ustrd></RmtInf></TxDtls>
     <TxDtls><Refs><AcctSvcrRef>FT26324A005</AcctSvcrRef><EndToEndId>E2E-5</EndToEndId></Refs>
      <Amt Ccy="IDR">100371.00</Amt></TxDtls>
    </NtryDtls>
   </Ntry>
   <Ntry>
    <Amt Ccy="IDR">10000000</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>false</RvslInd>{booked}
    <BookgDt><DtTm>2026-11-20T10:15:00+07:00</DtTm></BookgDt>
    <AcctSvcrRef>FT26324A002</AcctSvcrRef>
    <NtryDtls><TxDtls><RltdPties><CdtrAcct><Id><Othr><Id>0123456789</Id></Othr></Id></CdtrAcct></RltdPties>
     </TxDtls></NtryDtls>
    <AddtlNtryInf>TRSF KE DIGIFLAZZ</AddtlNtryInf>
   </Ntry>
   <Ntry>
    <Amt Ccy="IDR">999.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{announced}
    <BookgDt><Dt>2026-11-20</Dt></BookgDt>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
"""


def camt053(version: int = 8) -> str:
    """What differs between versions: where a state stands, and where a name."""
    coded = version >= 8
    return CAMT053.format(
        version=f"{version:02}",
        booked="<Sts><Cd>BOOK</Cd></Sts>" if coded else "<Sts>BOOK</Sts>",
        announced="<Sts><Cd>PDNG</Cd></Sts>" if coded else "<Sts>PDNG</Sts>",
        dbtr="<Dbtr><Pty><Nm>ANI WIJAYA</Nm></Pty></Dbtr>" if coded else "<Dbtr><Nm>ANI WIJAYA</Nm></Dbtr>",
    )


def mt940(
    *lines: str, opens: str, closes: str, day: str = "261120", account: str = "1234567890", currency: str = "IDR"
) -> str:
    """One statement of a day; a line is `C50371,00 REF its note`."""
    written = []
    for line in lines:
        amount, reference, note = line.split(" ", 2)
        written += [f":61:{day}{day[2:]}{amount}NTRFNONREF//{reference}", f":86:{note}"]
    head = [f":20:S{day}", f":25:{account}", ":28C:1/1", f":60F:C{day}{currency}{opens}"]
    return "\n".join([*head, *written, f":62F:C{day}{currency}{closes}", "-", ""])
