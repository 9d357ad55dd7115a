"""Rules of Certificate Manager."""

from .table import behavior

PENDING = "PENDING_VALIDATION"


def issue_when_validated(certificate):
    """Issues a certificate when the records that prove its domains are in a hosted zone of the account."""
    from ministack.services import route53

    found = {
        (record["Name"].rstrip("."), value.rstrip("."))
        for records in route53._records.values()
        for record in records
        for value in record.get("ResourceRecords", [])
    }
    options = certificate["DomainValidationOptions"]
    needed = {
        (each["ResourceRecord"]["Name"].rstrip("."), each["ResourceRecord"]["Value"].rstrip(".")) for each in options
    }
    if certificate["Status"] == PENDING and needed <= found:
        certificate["Status"] = "ISSUED"
        for each in options:
            each["ValidationStatus"] = "SUCCESS"


@behavior(
    "acm",
    "certificate-waits-for-records",
    "RequestCertificate DescribeCertificate ListCertificates",
    "/acm/latest/userguide/dns-validation.html",
)
def waits_for_records(acm):
    """A certificate is issued when its validation records are in a hosted zone of the account."""
    request, get = acm._request_certificate, acm._get_local_certificate

    def request_pending(data):
        before = set(acm._certificates)
        answer = request(data)
        for arn in set(acm._certificates) - before:
            certificate = acm._certificates[arn]
            certificate["Status"] = PENDING
            for each in certificate["DomainValidationOptions"]:
                each["ValidationStatus"] = PENDING
        return answer

    def get_current(arn):
        certificate = get(arn)
        if certificate and certificate["Status"] == PENDING:
            issue_when_validated(certificate)
        return certificate

    def list_current(data):
        for arn in list(acm._certificates):
            get_current(arn)
        return list_certificates(data)

    list_certificates = acm._list_certificates
    acm._request_certificate = request_pending
    acm._get_local_certificate = get_current
    acm._list_certificates = list_current
