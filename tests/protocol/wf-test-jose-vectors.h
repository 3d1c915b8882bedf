/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Keys and tokens made by OpenSSL 3, so that the checks do not only agree with the library
 * that they are written on. The private keys were thrown away, but for the one of RFC 8037. */

typedef struct
{
  const char *name;
  const char *jwk;
  const char *token;
} WfTestVector;

/* Each verifies with its key. */
static const WfTestVector good_vectors[] = {
  { "RS256",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"RS256\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.h1YBFv4LpYUnzu0XYRSy6ANVhXeihuayxWKqM6xF4"
    "NoORewZhvTiZIF67KsktECSYH0FH-OzeFjVVrujy_3tJHpO2dyLHjJekyIVymKdGV4HkEtbvXTM0BeF1G4UkF9FxMaphazI_fsYMd3ddN3BJmG"
    "TVGbbbBW2gobWPpSS1bgNNEJEoTpx-O5YFlGRNN-4kF3PaDEghb34mHeBtoSQHAuiSbOLsYExfGEIvYrvh_q9TzIdRhXElaFhZ5XDod5ObVK0e"
    "e0kS7XjVdUV3fTvkizG_CJfv9LLdGvhA2KzaLqH8CYqKkw2R_JXdFbw7TdjN93AcZMMpMlVWXm5aJP3-A" },
  { "RS384",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"RS384\"}",
    "eyJhbGciOiJSUzM4NCIsImtpZCI6IlJTMzg0In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.E8rBQLd5WiSaapI8QnHfN6_aQWr9urjwl5AHA9tJL"
    "BEM0dw6eycu58ol8slamlL6jFSRs8NBmZsbFvLURoQIsnKcFUPn4qgFOWBTM8LDbonjatV9_mguUNX4Zt_Q_cog_DXJAKnKndkBpbKUeu6Paj-"
    "8kzDCw4roWCdxVSm-XzXPs7W5QbsFexiNCQaBBS7T7toFFVwcX33w_NlblZKnziW7SgSp6xFAZKheNP0BYrhrdXod2Ov51DPM6u1bLiMl4ZLoA"
    "r6OOuV4BdJe1Vmdzp4gqOz94sCbS0jVvL_ugJ4LCQAMl8ErjZxmblnFa5lch1uoflKm9Ruc4DmFsejSPg" },
  { "RS512",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"RS512\"}",
    "eyJhbGciOiJSUzUxMiIsImtpZCI6IlJTNTEyIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.a7YH2naWPNGtQHy8FQqoAFUQuDFHKER9z1Ur4gALG"
    "cq7xZzAnnG30ZmvSzqzKVBlEI8HrdOiU-RKC8_U3qG0iMyajmEH3dz1UaR7Qk2SrfpahMwGtP4Rdn-wyhnW9BEtl4x7VnFF4p3Wt-e7waNwWZk"
    "gLIco_CJ3Uu84eynLp44oSAXJj1dKFu4RFOg2cbcG9ppJzR_Cu-AzMW202nOZdd_YNV47dMjVZhs1W15l7b49v8CT0NWmRu7Tm-lO7eIiCPYYU"
    "NskDL1GMtb1k-bxFLUkX82y1etiVIRIakvMAbohVX-Cx7oHxjtQmgBWuG85YqkbB0L71uYFI0u_b_3Y2A" },
  { "PS256",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.fsSMN2rNczGXLX2F_2nzKm5wHaXcFe72CHZAQo_Es"
    "Ph6pzYtUu5YLopTBd0MS79W3rlDSKGnKgSu_GM1I31WPayuXYKqgieu-MpEFeZ8y8GoapAGrxXjTjhmiDXPleZbkSBbWBuNqyBLyifuWHRxq0z"
    "JY7IkeIAY9_sOT18v3cutpzX1IikyKO7vquvgxDokkUKSlDsSf7SmZ6bKmNVbJ70CKnOqPSsh6C57HO0N-3XHkp3uLNDhrXPy7Runr3PyWlEqJ"
    "q2d-Wy4Cts0rz85DK4Z7inHMz4A_FPR_VLqUcaDbkUB_ZQim6GfnEUGeJKJmqJFQ3fYkzrMIyZxaSUO3A" },
  { "PS384",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS384\"}",
    "eyJhbGciOiJQUzM4NCIsImtpZCI6IlBTMzg0In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.T3NJVYElMH9k5jtQK7L1Umrrbw7IUoTd4W_d8Yw27"
    "QeQpAdlfScinKPl2OgecJXo2M5xGmhQiu9Zf4nWDFDGhJEO-Mv9E3zD4o_RmwSr1A8mbF6_37hWmgpiH_ep3uN5bkj1AJNgFJOyvdzGHcB1343"
    "zgAhV7PM1IuX2IOfqGYVG4kK3osNKcZ_A5fKunj6Y2NjdvffLfUEDQ7XRXM4JzxMufbile08dKmFdy3D33O2FqH1M_izTZ7kaL8UgD9FOL6KHf"
    "CRzBSgSVn870haxg3zvNyp48L2-ovegEmMy-Hlb754_aVjdvcNmXkodx6Pw5cXpqM0R9xRt2Y6WtQx8cA" },
  { "PS512",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS512\"}",
    "eyJhbGciOiJQUzUxMiIsImtpZCI6IlBTNTEyIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.LB-YJxbDwapKRoK1Y-3TQrqsPrtanjpd3m56Fp-ot"
    "57ubPAKZMeC5zXGjB-oThrnNfvXLBlbTKSgYREZE2Yg-pcwOv5zyupJ_kUlPyQNhhJ9FKIRwsWWLqNHP3d41Z3vo8bhMZSRBU6ApNQHNBWM7P5"
    "8NsuuhnS8y01Rul4h40NewwSBbihIYoyJv9S0ZDQhqmSyF-2EuGshbzEY6DEdC38xF7ryJ37dhRElzwlWteCygBlWh_kM15P6SmaYFdQpzURlt"
    "ui8hdo_hTUSZkegs1P8qHd-CyLIfqivdpl8DgeZI0YTJ6op1oWjcGczKYhoA3Nv03HJqPk9zgB8twws6g" },
  { "RS256 with e 3",
    "{\"kty\":\"RSA\",\"n\":\"rSMwYx4UHeEj0Q25cMBum7w00yrCv62XCE6_T6q1A-tpi8S4XkBPIIxi5hsBGITyk7Lw8V3EJH9YfwvR85OWsRAOoiH2"
    "ErwpprhBImjni4RHfffH6QVdglVyFa8hmr99cs-Jm4SMuNHUZ7PXO3IxFV60dqGYYhFafs3rgIPmIuVxwDPy4PuKKqNYBE4FvJjh83zjDT499U"
    "YkVuqc4UGG1kn-NKC19CK8BUZRKLyYdsXF525PxdXESMqxFPW5vexqwZAsa9B1o04YrftJ5VUgKJhvGBk0_zPmfRhdCvFfhs0FY589TxrW-mOu"
    "uBUECrKyvO-vVocjovLp8cEKyly2cu4Ysh97DzULLiR-vTC3T3gGDYpiCqe-3UkcjnF4M9kBsnxalhr9hYUNdONAwXN6NDAWLaYjLLaR2PlbL5"
    "038ZtaS9yBB5yMXbKpX1riu-7u_YceYtGF39YPrzUhP0HAmC5m7a28hUjE-kNEprAVvt6JQvRUgxDKcD_iKrBZmTHn\",\"e\":\"Aw\",\"kid\":\"RS"
    "256 with e 3\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IHdpdGggZSAzIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.ZOt8hgBgaSOxCXloU9FQIvrBY04zm"
    "TYcRk8T7FzRfjirOhjxZkVo8Vdlv_pcjpvZT8K8OKvH5DyBDkF5Pg8EirkngRWdqO-3Z84oKq33-dDsdodNMiM0tRDJKA79q_yf72KsY12Z3_z"
    "V-8QQABh5NQXnws4oMO5mLZySPvNkd9B_sI9xcgUx7hWSWP2NDMICHIDErgSc5tTc0x8A_MAqHQAxCKd9u22bZPOh8U5vvcg36YG_w65MkfmM0"
    "GwaMOZ5ifSZiKDaRYJ6bdWvEAXXC4uBikwi1ogaIAZjSzuXl8kjhHf-Uy2FQfiisMOO1F0djEvgzgF40CvdXHE4POVb1DKAR6I26LcVlg7fnpS"
    "jbWiRyVN7uZOBhbM4vzb8qb4sWlFE1jrvLUhPCpTJemvh2v-1Epn5gcUqGAOKRf-V9HxDN4KooZBVHsmLkICzxdFDKg-UV_XDfc2_IIBWHn-_Y"
    "c6omJGbBet0rHPOY1vq_g0xpLVQddN3mPllK_oBUHXh" },
  { "PS512 with e 3",
    "{\"kty\":\"RSA\",\"n\":\"rSMwYx4UHeEj0Q25cMBum7w00yrCv62XCE6_T6q1A-tpi8S4XkBPIIxi5hsBGITyk7Lw8V3EJH9YfwvR85OWsRAOoiH2"
    "ErwpprhBImjni4RHfffH6QVdglVyFa8hmr99cs-Jm4SMuNHUZ7PXO3IxFV60dqGYYhFafs3rgIPmIuVxwDPy4PuKKqNYBE4FvJjh83zjDT499U"
    "YkVuqc4UGG1kn-NKC19CK8BUZRKLyYdsXF525PxdXESMqxFPW5vexqwZAsa9B1o04YrftJ5VUgKJhvGBk0_zPmfRhdCvFfhs0FY589TxrW-mOu"
    "uBUECrKyvO-vVocjovLp8cEKyly2cu4Ysh97DzULLiR-vTC3T3gGDYpiCqe-3UkcjnF4M9kBsnxalhr9hYUNdONAwXN6NDAWLaYjLLaR2PlbL5"
    "038ZtaS9yBB5yMXbKpX1riu-7u_YceYtGF39YPrzUhP0HAmC5m7a28hUjE-kNEprAVvt6JQvRUgxDKcD_iKrBZmTHn\",\"e\":\"Aw\",\"kid\":\"PS"
    "512 with e 3\"}",
    "eyJhbGciOiJQUzUxMiIsImtpZCI6IlBTNTEyIHdpdGggZSAzIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.ZpdD388i6Jl5cpJYhBkpAtLCOHm_H"
    "BK--fyDsQlJ0n_N2iRALHMIXFWPta6veF_vPqhKY6SoEDwDy0mqCa41BOwPDeV-khkgX2iEGhwXcJG51IjDefD4RoKYgHv3aMMWgWdPm4CCSsj"
    "XVPpbGsbA9NlQsgFUtMDQ9HGfcwY_GZhoG-GlUgvnXOFTTaH5Xmhbn-nbx0EdDDo7o1OG3ffGvEF6ynrBrR-EkPquBK570x41zjahf0_xoyNPU"
    "lrlHa_KOfY1FnMd3vGIf2R33uSWTuFiPD8OIzv_GXa-iT63Nn7v-JqopW71J6wkbMcojGq889xgAMdLqhr4C8KfcqaCweIVri9IXzTPPGSIywX"
    "14JXWVNP8gwzUn6-ENBp5OOWccbJ2JM5BWl_zPzMa0sNftnLfhrVEZfmU0PU1pWHmD33VUdBFYTx4SHjKgtiVQYc5zya6u4eOSgB2qvxaoTlT-"
    "kkXz5LNgyNQzwauFuJS5cQkBIpDDQFhEApovQT0E4ue" },
  { "RS256 of 2050 bits",
    "{\"kty\":\"RSA\",\"n\":\"Awe10_2pXMGNCu5mLnyT824rBofFyl_AXZPJkpLZIDkDUfKTxMOcWjPOJrdYhhxkJP2-SQ7aUN2jyGKVIledzPHLcwHj"
    "ei0OJbEefXBX4tFSu-eV-AmwwWG_x7c_Kmi-404lAPPqSep19DCg1xbamoow0_boHCCZyismIkGPGSvxXscJ59BA0Ox3MU2bvx0lMj3B0EpD78"
    "oZL5Vz9sqvHCj9AIXvkGSoBotSweT8p_ulghhSck_TokQV6xQP5VmVNcnStxiVKbr6U-0s2RAHcvjaFnpwzjH6A8yDoUcfDaXl1WA1DvRL9tcc"
    "XrjErpbVQy-4qCHacUsT3bRZAab-Njs\",\"e\":\"AQAB\",\"kid\":\"RS256 of 2050 bits\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IG9mIDIwNTAgYml0cyJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.AgNIDeE41n_WQR64VSz64umf"
    "E5CvjhnwUqh47LX_BHRxfh-7j7Yi4K7VVCduUEfWEjbLEiotN8JuS9W3-Ia_Y7Hp1Y1dhejkkXQ4fA0mEygJZ-ZFdyrqBKTRx6PIG6Jz4B-liw"
    "GVFn2sHGBKxmTEuzHSe4hcBjLBPmSY4PrEhwM17Sa1xAdFkHIXk2W1aTc2ShIt77lqkVCChLfzfVpqCQIqNOuc5ZCLQUN8GQLfaUJfcX5rIXQ4"
    "pWxcOsuU_XtJF6QD3ZEUyA5cVa22WEJluOjhRU5XPVcg3O3KoxKLNOhSdx_myewhYiJ_I17yeXRGlD0KI_uqgLgRD3pPOPLnGYA" },
  { "PS256 of 2050 bits",
    "{\"kty\":\"RSA\",\"n\":\"Awe10_2pXMGNCu5mLnyT824rBofFyl_AXZPJkpLZIDkDUfKTxMOcWjPOJrdYhhxkJP2-SQ7aUN2jyGKVIledzPHLcwHj"
    "ei0OJbEefXBX4tFSu-eV-AmwwWG_x7c_Kmi-404lAPPqSep19DCg1xbamoow0_boHCCZyismIkGPGSvxXscJ59BA0Ox3MU2bvx0lMj3B0EpD78"
    "oZL5Vz9sqvHCj9AIXvkGSoBotSweT8p_ulghhSck_TokQV6xQP5VmVNcnStxiVKbr6U-0s2RAHcvjaFnpwzjH6A8yDoUcfDaXl1WA1DvRL9tcc"
    "XrjErpbVQy-4qCHacUsT3bRZAab-Njs\",\"e\":\"AQAB\",\"kid\":\"PS256 of 2050 bits\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IG9mIDIwNTAgYml0cyJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.AVKlZoYF1KPc16xfusfjRu8i"
    "uZb2B7SQ6zXRNkLWIJD8DTTdsH4mxKoiQwxuJisrigcPFQKJ6g3CzR6K0XpUrldQD6h0ZNj_VTaTdl3pKXdjmo5oOUR_p5tbxtL_4ZxBcU-p3a"
    "XduX6vnQyHdBcaUZ-CvwfK3JhJSH3_YGOQyHnuX6XthCAFIRtOihuFPzRNiU9VutaPSEeA1YrxSA3eF2tf8ge0_TFe0Q0uKdY8-oiz_AlBPurA"
    "Q53aftpJkgeRDcq-A2ik8f7Z0tmYw_2Mt0kXVpD8PACQJCcBa9DYGyOTictCBGW_GznPILU4aDbaqANckfsP4t8f4bUA1NwV6aM" },
  { "RS256 of 8192 bits",
    "{\"kty\":\"RSA\",\"n\":\"vpzlt3lalE0hRxukTA_Gmw0gybJc3EYA0tK6UK44lem9DJX2s6ctlSmI_75nRWmbzcdNrI90IjqcCqm7pA5cpGORFt2m"
    "2JwFJ1gjqVMkXVtbal5dufgd7MUVlFQHD2D9aJnVaJgFWk_mxJqfdDgnUMpWeD4qq-VxgzkgtlP2cZ0sQH5t6iCFBSFR2JjejVo6CQc8MC-VlO"
    "sfEg7glSVWyQnSInFHQGnjR2k0whE-FL6JQEtDc6rcTe49Fv_gDPTjnOd96Z3_2NH1uZmWBI0PhAJnh9B5Oa-Benm867r-zAdVEClz-MxIl1jQ"
    "bmdjL9-4sPLXUuGeAanPoS8kktUuNLJ4WkktYapFgRsS9f2jZaR7ICX0NJWXUSY33QtyfkkHDxoTHFBTiE1HMOxie7CFOEBnkC5-IQkqAER2c1"
    "LyzZ98HqvyApRIoxlonWSLmtYIZ5zgUOslt_VN-eRPpQCO-ByiEKNR-1jzrVw7H_8hAfc5xWFbLZq5gtr3RUYtoni6SOyFnbchdQbqFWYpkyFb"
    "2rvkMv5AS-HDMLd7R07EsqPqwIL_VofgEexo2fgLoi0vWO0lHX2VqpN0MasgNOfT5XzbY3ponF3vq9zWOTaALf8WcxSykoNaW3NrUneXWkGXpK"
    "tDlwDTkzPa8IVQmZSIQTG_DO_bvf7eBdG0LcbrxejSGRzwRyaq1q9E1OMscixvfg-YvL31qxb27_2DDbVvIS1814oXPyBsyM_O2YnP78qoC32r"
    "QmM05f_lU6hJvV0gO7_CqgduALLOmz0auwiNOqBeE25MJj0nchmv9RO0mhGal2szbMoR2iatg1UjWw7K3i5ohh2ttf3-8ReE65mWjitLjAVB5Z"
    "-oAsV5fTUaPBYHLtpNpltFqXw3I63h6bKiZ4lgtaZaMSHXQdA_gCKIXqInTXNNnvjocsdZAUwoFHIFg55gYM-RxV_aY01aJg8AKqjwrdMYOd1D"
    "16eOWJHStU8LmJTlcPFn_OZA7ESb2d00MTJ6BedreK-yzBwJef9CZMHp1oACxxrqisVeajSnhoYcjbZKyCItlfjh82p9a2DE9BUuohV8fuyE4T"
    "_pO4MiH8qN5tiF5HnX6W2uQwATt9lsTlp_wM1hIb901z94tcUayGzh7dhUyu3dcLXxDnFvofq9ffyh5XEE996zrVIgm6EzmvASQ-I4a6cpqcQZ"
    "kr3bMuerntUVL0elriHFT7JNQS2nzKOJpTBEsN8-52HLOmSNmMkXZhfAbe-Oz0PRAOPB5neXbXU2t5DhTxHrXB_sGDYjVaQT-RabC_a7Kq8L-M"
    "BUFXRPhWEWQGhsELjIFlkd9rYc1VNksEJ72xIy-qjUxR_tbzk7sVEFX2DoDxJOtQ\",\"e\":\"AQAB\",\"kid\":\"RS256 of 8192 bits\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IG9mIDgxOTIgYml0cyJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.gfeqrOY4stCTOzokLPKQaYL1"
    "NfeL4KGJPQcbH6ScW5uAmMB5fUg9vKEuTKWumRTxTEqMysMeOjeggGnUw8qDEkbabzcpZb0hXMbIdDx6xYqnHhBvK4AFogEeFeP9sJoBHgs9aI"
    "9zwdLhEMRzDwklTn5V9XhAqkDG8BQhWgbXsbGKx4UypGm-3y5fLjsaEBQ8Juxu4_cEuof9RdcDVWDI88uxN62TndSjEG9rT2rYGIQ8KiZFG6WO"
    "K3J4PLy6Y8avgJNvjuBc9jNkj7PawT0IOcdweAxiPlMJRNJD5mvTdJoNVHjrCFhK546jWbdYn2M_0dpUHb5LAp9VDkSKlEKXYFXFjogNI9lxcX"
    "NNqlOmHsxwENTMfGI9JUlb7qBepvcgtbB6DxMZ-eRhmZCWyxLd4DW95VDADhVfY_8CTPd00Lk7YfjClcIGIRaDmPO80hvQGZdYlAHd3seD-rJt"
    "rYkxzFy72--wYnyGmkapitwM7ElOGeXb61KzCQNukmcZ6rbsko3gsZ5zge_Sdukh79ycTg9ExCjkAMEqKfVnSjFIldC3tzst-97XNkl_QIFuUl"
    "zDTpUiPSHuEcsRUqE5hTNBCJBB-AUCi2qqx83an8SWX0-P4sP7Jy3lVYmDaN6t1xaTjTMb5neGmEUcSeWHI-Z-I_tfXYy8HNyee6bkFsWO5mN1"
    "HV8SGVEVTHUfL36qWXgYbV-toIHuAlTT5GjBTO-3iEogc-U0FkPVIw9B4qv47WFEpLnjCa4WEcRM8bxMEayV7pIiaahLIrjaITGFDLHxjxJGIx"
    "EnnhFy0-wQP5CrzQ_9ZrhbRJiYt1EgIgX-44GxWujlTn8iNaQqEXCbsNwo4iXYSMeZelxyna87D16phypMQv5adON648wh-T8PoxHDl25XohL0"
    "QSt0J7FOTgYyco_tC5cqhWk8R0mxJsCD_-cAZFSGYWW8A8UAPAegcifwa25qtwfphCXhWCNfwAf6msPQsrNebHm3nqzkXydQk0IsAF0uDoCMJO"
    "ge23lv3FlShWbOzZKF6sAasVWUxd9jFQk1WuthNWhNvYH3UbR2qB3ZcMxdVy5fCWNxFr0pyGeX0CPMqBSKUO9fU_wbU7uO7unuF3y-tnmRTpEZ"
    "0H_JY-uoGe-deDvxrIiRqAdizgfVdyc7fkXeMl-x5YfGL7iv6rBIeekGjjeiY61PbhwPXjN3rBO1LdOYLbjNGzKIztH-vZHiP9cq9H6A-rDkcE"
    "8LnA0q2_XiUEXh4pJTML5JArDiV64VrK7VaUMjyg9mJKMmpQuMqmd5yS2Z5fMRymBTrHPw1Ai2LxL1wVGMNWVsS38Lfyz4UiWxl92CuaEWLwiX"
    "2gdqj6cnQxNDEAx0RdDpVw" },
  { "ES256",
    "{\"kty\":\"EC\",\"x\":\"bLySwJwnSYuvrUrIkcDcNzJoUTNwYtGJP6T_6g6CPHM\",\"y\":\"tmkuVOtQbsuIs4Fgh3VGPOXstSys3OewzXFZNWtVbLQ"
    "\",\"crv\":\"P-256\",\"kid\":\"ES256\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.fZwHoSgoUCsl7Io7fLCXD_HrrNw9ZTDHVngsEkcrS"
    "3w7mWzTuVrFar4zbLHNJ5jTu4-JPk17jWERkrFgsxy4pw" },
  { "ES256 with a zero before r",
    "{\"kty\":\"EC\",\"x\":\"bLySwJwnSYuvrUrIkcDcNzJoUTNwYtGJP6T_6g6CPHM\",\"y\":\"tmkuVOtQbsuIs4Fgh3VGPOXstSys3OewzXFZNWtVbLQ"
    "\",\"crv\":\"P-256\",\"kid\":\"ES256 with a zero before r\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IHdpdGggYSB6ZXJvIGJlZm9yZSByIn0.eyJzdWIiOiJhbGljZSIsIm4iOjMyOX0.ALsp46eBow"
    "VDk5bbYdE1YTv3s0Cl9ECcr7l71lJMcoU-e3GN-aeqddTaaTX-lyzTwG42wKraCIzOvwu68PK4-g" },
  { "ES256 with a zero before s",
    "{\"kty\":\"EC\",\"x\":\"bLySwJwnSYuvrUrIkcDcNzJoUTNwYtGJP6T_6g6CPHM\",\"y\":\"tmkuVOtQbsuIs4Fgh3VGPOXstSys3OewzXFZNWtVbLQ"
    "\",\"crv\":\"P-256\",\"kid\":\"ES256 with a zero before s\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IHdpdGggYSB6ZXJvIGJlZm9yZSBzIn0.eyJzdWIiOiJhbGljZSIsIm4iOjg0fQ.0V6jf8vg_Ne"
    "viZz61xLa7pXzG3fon3J4jVnbixCcNEcApHlghwlw4TIxbAmigclgm0YqyPlgUNFKP-vkXh-9yQ" },
  { "ES384",
    "{\"kty\":\"EC\",\"x\":\"BjefXxOLwxRXHcHALH1IK63uVH1S6-ZB8lQeg71aaQi0UJAsmnZ0d118Tt4z-XyS\",\"y\":\"MNQiWftq3rBpNprV89fk_n"
    "W3aIzn3gKAGLiaifcqp1jx0nPml3KaJ-vh7fJR3asL\",\"crv\":\"P-384\",\"kid\":\"ES384\"}",
    "eyJhbGciOiJFUzM4NCIsImtpZCI6IkVTMzg0In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9._tvRJtGUYT7x6hTMRZy4P5CmGAKLDYY6oB1CzmCtJ"
    "g24OkIBCSwGLdiZxrKNW0xaH88vUunZqWLG62TX45qn-28ot-iPPyMeHLRzFFxXFrAd8BzNWLQsbpnNOgNdDuwP" },
  { "ES384 with a zero before r",
    "{\"kty\":\"EC\",\"x\":\"BjefXxOLwxRXHcHALH1IK63uVH1S6-ZB8lQeg71aaQi0UJAsmnZ0d118Tt4z-XyS\",\"y\":\"MNQiWftq3rBpNprV89fk_n"
    "W3aIzn3gKAGLiaifcqp1jx0nPml3KaJ-vh7fJR3asL\",\"crv\":\"P-384\",\"kid\":\"ES384 with a zero before r\"}",
    "eyJhbGciOiJFUzM4NCIsImtpZCI6IkVTMzg0IHdpdGggYSB6ZXJvIGJlZm9yZSByIn0.eyJzdWIiOiJhbGljZSIsIm4iOjEwMDV9.ABL-JSUEC"
    "4h993RjdEgUqmDC8WzXPwZbwdlEVPVQgPyXmOsTEsElg1CINIaYBwRDdtvoVfN0noG6Zh_Whtgwx4Ljv1olVJakudoYKwDfPPphExxcmOjZaDp"
    "XF8RneAo8" },
  { "ES384 with a zero before s",
    "{\"kty\":\"EC\",\"x\":\"BjefXxOLwxRXHcHALH1IK63uVH1S6-ZB8lQeg71aaQi0UJAsmnZ0d118Tt4z-XyS\",\"y\":\"MNQiWftq3rBpNprV89fk_n"
    "W3aIzn3gKAGLiaifcqp1jx0nPml3KaJ-vh7fJR3asL\",\"crv\":\"P-384\",\"kid\":\"ES384 with a zero before s\"}",
    "eyJhbGciOiJFUzM4NCIsImtpZCI6IkVTMzg0IHdpdGggYSB6ZXJvIGJlZm9yZSBzIn0.eyJzdWIiOiJhbGljZSIsIm4iOjN9.PU7MSGAgFbVBS"
    "orfTIMgG7Q-K3I-PD5qxIeSAq5p5WVhMo6O5eRD9cqOx4MIBbTpAETAMzEzXOyD_lHIYrtFcvGzLBwC7rUvUB6PlAzAmMegR1j-aeBXsy_Uceh"
    "0i_fP" },
  { "ES512",
    "{\"kty\":\"EC\",\"x\":\"AK26xuD5Hpsh3SEF1wImJlC1qDNb8vaquTw6Bj5Zyrn1VbllcPFUD2owGkg7QH0UEqOkG-PrlN3Z5XRoV-5R-xwp\",\"y\""
    ":\"ABvJSiY_fTha37qIUzK0FpVhGjZnzYHiO-P1GctvuByax95_-MsIXtQuW1q_HKwUIK6EBBu37hXvZltLfKNYf09W\",\"crv\":\"P-521\",\"kid"
    "\":\"ES512\"}",
    "eyJhbGciOiJFUzUxMiIsImtpZCI6IkVTNTEyIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.AC9F6tQcORfrPa4OKwqwtRu7s_PvU0KnT4aV-PhuG"
    "aNM4csJtGJuDaF_qgJFZBmYCyuR1mIuhaIWE1CzYb_HDixSAPORN3q_Gc1RR35QR_5QyvIPCwd2BvFYZPvu5cQtOj_aBNObua9ZUH2VinJ3AwH"
    "c8nLvUlBXqYNjMlSLkfhHOBzF" },
  { "ES512 with a zero before r",
    "{\"kty\":\"EC\",\"x\":\"AK26xuD5Hpsh3SEF1wImJlC1qDNb8vaquTw6Bj5Zyrn1VbllcPFUD2owGkg7QH0UEqOkG-PrlN3Z5XRoV-5R-xwp\",\"y\""
    ":\"ABvJSiY_fTha37qIUzK0FpVhGjZnzYHiO-P1GctvuByax95_-MsIXtQuW1q_HKwUIK6EBBu37hXvZltLfKNYf09W\",\"crv\":\"P-521\",\"kid"
    "\":\"ES512 with a zero before r\"}",
    "eyJhbGciOiJFUzUxMiIsImtpZCI6IkVTNTEyIHdpdGggYSB6ZXJvIGJlZm9yZSByIn0.eyJzdWIiOiJhbGljZSIsIm4iOjMwNX0.AAAr_ezyRg"
    "w-zje4nOyT9iv7JUyPPP0BQzQt2YfvnumtruzB7QVqz3Ds-kwx-_eljrZupijs5N_TfTvZ-xVR0d76AKJRSeuh86r308NexrSmOskj2QAKn1op"
    "130PYHn16ftwgoQAKkribs1Jpl-2Rf9GqGAt2zA7JOLEGoEFqgqDy-SU" },
  { "ES512 with a zero before s",
    "{\"kty\":\"EC\",\"x\":\"AK26xuD5Hpsh3SEF1wImJlC1qDNb8vaquTw6Bj5Zyrn1VbllcPFUD2owGkg7QH0UEqOkG-PrlN3Z5XRoV-5R-xwp\",\"y\""
    ":\"ABvJSiY_fTha37qIUzK0FpVhGjZnzYHiO-P1GctvuByax95_-MsIXtQuW1q_HKwUIK6EBBu37hXvZltLfKNYf09W\",\"crv\":\"P-521\",\"kid"
    "\":\"ES512 with a zero before s\"}",
    "eyJhbGciOiJFUzUxMiIsImtpZCI6IkVTNTEyIHdpdGggYSB6ZXJvIGJlZm9yZSBzIn0.eyJzdWIiOiJhbGljZSIsIm4iOjExN30.AH1M4xfBU1"
    "iAWDQAiTBWJVcogVFx9_YgvvbtgkpMLz3eOgAZlGFiLUkSj4OVZXdhiQEK8UhSHBjhQsUuCJE9Yi05AABsdJ2qt_9z-FI_-F7EV5U9050YqCCR"
    "L-lepkXxIf7O_43MO2UeF1YPS7tmZp-4O-MUADWknGU3qcIDTT8rntLQ" },
  { "ES256 with a zero before x",
    "{\"kty\":\"EC\",\"x\":\"AC8KLYyVIh-plI4l4mc-9zouUdIolykxG2pBUHzLl18\",\"y\":\"OOIyYeyZxsr3pQfHwJ9gEQfqjxn5RDD2IMHXkSyEMDo"
    "\",\"crv\":\"P-256\",\"kid\":\"ES256 with a zero before x\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IHdpdGggYSB6ZXJvIGJlZm9yZSB4In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.aARHf75qSl4nJ"
    "6rB8DpucpXFrUx7_yYTpnV45unHqJ1Ah1CItWY3A20vmnD0FjblfluX_wmDMcNYdYu4BaS9Zw" },
  { "EdDSA of RFC 8037",
    "{\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kty\":\"OKP\",\"kid\":\"EdDSA of RFC 8037\"}",
    "eyJhbGciOiJFZERTQSIsImtpZCI6IkVkRFNBIG9mIFJGQyA4MDM3In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.mYd_xfp_Or4ZEW8kDlkokASyv"
    "I8pa8RimCSSjDkaOYkx2vzInrzwr3L6YxgFaSBpfHTb6oBWnwrjQwRXNZMeCA" },
  { "Ed25519 by its own name",
    "{\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kty\":\"OKP\",\"kid\":\"Ed25519 by its own name\""
    "}",
    "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiRWQyNTUxOSBieSBpdHMgb3duIG5hbWUifQ.eyJzdWIiOiJhbGljZSIsIm4iOjF9.9QD1g0viCa0R32"
    "lJbzvRXQCfNNURkQI_CSvqxRN9AAOidyVCqjDp6Vg_eoT5WJv8RZmaHx0Jb9h-MdTEaY2cDw" },
  { "EdDSA with Ed448",
    "{\"crv\":\"Ed448\",\"x\":\"-HXQncRAHDNaomAu6hf755N0zPZSSQR2rfZAH6bed7C6l3ACA50Ye3fdHVoJWls_-4X5EuGxC9wA\",\"kty\":\"OKP\","
    "\"kid\":\"EdDSA with Ed448\"}",
    "eyJhbGciOiJFZERTQSIsImtpZCI6IkVkRFNBIHdpdGggRWQ0NDgifQ.eyJzdWIiOiJhbGljZSIsIm4iOjF9.l4py-k40NU-t-effRUbS-QgASu"
    "im1IXPrBobNEjAtPD3swO6PwEzHBBB4p_Pgbf9OUAN0xc5oQsAwb7CkLST8dlLQBhRXiRP7EYA3u9-973ApDaQCM3jGCiiK4Kdnu0VheHV1HlT"
    "8Oymqq_bWuVicRIA" },
  { "Ed448 by its own name",
    "{\"crv\":\"Ed448\",\"x\":\"-HXQncRAHDNaomAu6hf755N0zPZSSQR2rfZAH6bed7C6l3ACA50Ye3fdHVoJWls_-4X5EuGxC9wA\",\"kty\":\"OKP\","
    "\"kid\":\"Ed448 by its own name\"}",
    "eyJhbGciOiJFZDQ0OCIsImtpZCI6IkVkNDQ4IGJ5IGl0cyBvd24gbmFtZSJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.nyIQTLoYI-OKl231i08Z"
    "6-DgvHL2V9pECPNfD_MqjwYaM_MRvtPx4CZbVpJ3AogWEssBvcGvOq2AtPGJINdiwiL_p_ItEcQqD5uK6zvc1ItfCGx1xgQNPrFA69K4QSiukH"
    "wBhuIw4RfiXxglkCb28jgA" },
};

/* Each is refused: a signature outside the profile, or a key outside it. */
static const WfTestVector bad_vectors[] = {
  { "PS256 with a salt of 0",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 0\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDAifQ.eyJzdWIiOiJhbGljZSIsIm4iOjF9.h8QhI-kKTI3PcaBfwF"
    "hhGU9YdwlqtNhhThakR3PA_FnJLU9kXHhxo2iTGZrHokdNWOxNklK9MTq-C_N5BSBTMDPVs4iIbhuTngCVTMABKTXvinnGVWDzvFNnIL93p3k3"
    "bQzA1mDmquE3CaOLY4zKC4jB4j8ncMjtxZpn3IgJyHgaNAMM-CS02uYkjuCLgQN3haw9PwxaWUWIUgloHNsIronXO5gMGFyGLltRqq0P001rcu"
    "3o9pqo0DkM5_Xi269k1vNMyYas1rN8CiCmKtaSA3jLIRxVtyP9JB4n0QwgtbbBqwYUj1fQobUNLHVBe8BAqiaxJzMN-RzsVddoCI2eKQ" },
  { "PS256 with a salt of 16",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 16\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDE2In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.IDmIQOEfWMrXBzLAi"
    "0QKMS0IqyIb8LkqmZY3VYFhTPt6mKcIM01n6TDpv5dcHhKgWnUPnuqoQik7TTuc_03zg09zwmUbT7Y3eQuCyRUAWwaqjbJdsfaIVmTQwQK6XBa"
    "FcaT0fg8jW_lFWdSdutKiAiyP6WtC2QW8d8b4Rpi_gJ4QBdgwbDQbPQ9npAmo-wRSi9dOzCdGA3iyjWLZ8R3DMG5Mc2_hLc0oTE7GcHsZy1w46"
    "vAYl4UZ_VIEHHbcfH58hNK69-5wmeE4qe53aH7y7kewZn3YMADb7NY2-GhEneZOIwu-vgdaFB7Snz8zWtnSaylFnUMUapaFPke9SA0lUA" },
  { "PS256 with a salt of 20",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 20\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDIwIn0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.MXTD3cOOIMzMwuSD-"
    "A1qX1SXScvScl1WTXsfDTWadAlWFar7BBJAfho_jH0TIkPOhZfIf3QKgF7v3xwC6gndgz3GP8HwRV3d1U5bNI4hCExDu-HDwV_6Mx4yuNA8tZU"
    "_cXLnP9Xv5kkDa-jt8hueVO6FaJHm-2SqoiivZAMGVq3tcF8Fj1aiCyVxeQg6dQ-3AJu8uPfqdogH2FnzLQE48MUlJa2O9vD44QobuMVFnLGY9"
    "tIcj4-7mAsZs1Bfc6OuTcLUumgANFMi0oa2SVRAeSj0RNJpth67bQrYz6IM3pH6AX8lV3t31O83prr8oRexlNlBk9PqMrOTzxroyCZAEQ" },
  { "PS256 with a salt of 48",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 48\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDQ4In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.cNy7qRwDViGL5DlAz"
    "Hhhk9NvC0ND77gi2t0NUvKEgpBoXX7ExcuMe41k4lpIdNjM4EjnTPt6Tso1_g3pWa1Uaipbbs0INYCrNmWoG2wWA37q9B-94CwlMk99dtk_7zW"
    "6-AjUkbzwEDETHULND5KNcw5fbS6pAV33UWBXkOpN8tvxZ9MXE9Wg5KOHNjP8pTLaZLxpG7nfYGAWGFdlOitUEJGqcy6DfL-ioW61uN2__X9BG"
    "UTBCTIqk0sh7c4HuynBDjpUeWXXGD5kiwT-LGYFCcj214r0VA2h03_UDsIT_nrClaXQVa2KCHNnVhdsyXV0L2uTkax-W3GkcXxOpGnotw" },
  { "PS256 with a salt of 64",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 64\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDY0In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.DOq-DmXtyl-k2echP"
    "mnzRc-NapiMvW5dqldLRiNdgAbHnIwYZ0sv9zu5Z2OqNor5Kd3vELT_naMJXdaQBeP8JHk_y3rf-9vg3SMuBXCAQEjVsNV-otSfMUODE5dxc-c"
    "_xo0KFQkz5ZGxHFWM54RG3e_vzw9NTXLiXgUXGs2BknEAliMH-bwITfWSibHip-mZPfU1x6dF8znJ45sAgV4e94t2nMAw3-iqICiUDUmnThP9Z"
    "r6B_14QGYzipd9ZObGtnq5o3HyfEYy72Jz3gBKbuWp-uB_B6yA9Crqt8aF6QmHSWN8P_hZJQ8jEbTwn1w-K8BhDxt8tCdETZ4nEyYxKaA" },
  { "PS256 with a salt of 222",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with a salt of 222\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggYSBzYWx0IG9mIDIyMiJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.Wq4rr1JXIrV-Zeyd"
    "zLQh10BWIEtvI6LCKRCo3_RbDsjcfqstOgjoyTsdKWpd4-B0A1mVCc-vtStt-5O7ynXvXcfEmy8eLXOYquy_5r1CtmKOLMiNtnBFkbVtW-cF-h"
    "2m8FGYMG1Ddx6zC7xWJZGr_mu9dBCkpcjNvAszG-PKSkaJOHsWwBA7mBpumYnPo9ukWLYc1iFNy81jrxVOPqa1JLLzITnW0k1PLzkg6YzzPOhk"
    "BGupsIiRPO-6QfcetTvwY8xoj_aCOPL-ygwitr5N99M-a5riy7uuCIJTyiqJeUCvoLCZY02N-A25AEWqLZk4aaekw82xoQe3DAEXYSLSjQ" },
  { "PS256 with MGF1 of SHA-1",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS256 with MGF1 of SHA-1\"}",
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2IHdpdGggTUdGMSBvZiBTSEEtMSJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.jp_HnCSfVJzTkQ1J"
    "6FQDxrc5-_4STlqmTwFM7wtsnFRbL0wUzo_4fX1aDc1ABdNtyMphz-kyMiNe46iAk53rxUuvoR91a3jijgNzyProLf4nkFZg57bvMHSz9g50AA"
    "nlW3DR5QIOJ610uezFu7Jc5TuiDTw7C8H24vkjSB6K7cyOOmytIWMzvr-Jrkv9k_ywd7y6kStjnewMAqpszlUNTjp4Jkdlbv4zfpeZ4xPjfFP6"
    "Ib4QgCAypaCJOOoGhIeqNGeBetAONZoeuobfuSGsyTYg-sx2Dk7IfRsfRzSkX1RImbPRIkpU8avBLVtErQzSFxoeDyFovfePeO1_IA3gbg" },
  { "PS512 with MGF1 of SHA-256",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"PS512 with MGF1 of SHA-256\"}",
    "eyJhbGciOiJQUzUxMiIsImtpZCI6IlBTNTEyIHdpdGggTUdGMSBvZiBTSEEtMjU2In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.JZFI5CahhX7GV"
    "7KHU-a7JuEuOap_o9WMDafdD6NegSo04MCK1drfL_bc6oqZmNhFNXbK7jm8u-qjIfX2-QLPK2yKPJ-ueCOWJl8C5CD5hTMLf4PeenUscYF9ln5"
    "0lkc3ON1BgnWTxUPq8KWMq7V3QD34zOXI-stzdViyQy4T_0uYeCjQWm6WHYZQk8ydRuwGYEICe1AmZ2BmsPDqjA-JOOYk47-Ev0vNrzQk774fw"
    "Va2lnLWsbMyJMhtK4OgvsrV-qbYpBRdnIDYZP_AebrqybT8IWrDFQ9GMd9v8sOWAwgl8UYuvvN1gACSdL1HsqSY_uASyJqV20zuImGi68ruNQ" },
  { "RS256 with SHA-1",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"RS256 with SHA-1\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IHdpdGggU0hBLTEifQ.eyJzdWIiOiJhbGljZSIsIm4iOjF9.lFllSZ2dx05H122VOVxf3Bqzn_"
    "WjTm4FxSYsMQIjAN5jJOYQqLoVHRpfyv66AEeC_E9aFiH7r6jxmanv2cVbhNbfQ5Lu0ygw4cg_yDmB42xo1biLjTp4Wnjk_bzxkx5cWHCdiuvB"
    "PajK3XQHsnMY2Kaw1Zih3iVs92nRjYqtWKMkeYhVCVRA7M9bL0xDaGvtzNGjfyJG80NTEcMSlrcowVMQ3sCGh2vSX3szKns53RAW64eD7tkqMM"
    "LClrYtLUKjmSm5v-v_NUpD3046StmTGNQ6TDDyjhz_S6KwT5-Goi3zRyesAet9apZ01PFOgiBGH-Tmrw5gjWUP-KkVD7b8og" },
  { "RS256 with SHA-512",
    "{\"kty\":\"RSA\",\"n\":\"lgNTUccwH89LKMYhXykubzMZHEQ0DbxQFYP_OaEBfnZhN_nxWA0PWvzEudVytpVXxyZFfK80TFGn1Gkllrfto8zeEcml"
    "siv4F3grtUMI7DKYS3-7OfQydsh5xcIHVmD5XtDWncimLq_zRuuAxx3f800Kx5MkBkidOayLjhAn4aNRIXuZ8n4Q3eyipnvbq2KVKtJMztHAcA"
    "HF1mo_4faxenADKhX4uyX-Wm2FiHCDcbw39-vSx8rKPW8Nv1VKb4A8fo_JC5CUJirDZI6mTXdjynJ6A38SQJArcRIjm1hdlbEAuqMcAqq-8ohG"
    "YMR5Fewuhrxxmj1GShnw3DBeUG22EQ\",\"e\":\"AQAB\",\"kid\":\"RS256 with SHA-512\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IHdpdGggU0hBLTUxMiJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.KqxIV_GJQldNzCfZgGRbKkdz"
    "oRDUB8ZJY-DQipOArjDnzz2zeulucYtcyg2hqEiB1qRO7qT5DiP8dpUVbGbUTeMLxs9q3LNhYkI9_ni-BW0iKO4FtDglln4CAotmPpu9MOVZqZ"
    "sDvCqre5-T6FrGtREzShzHB_zN1Z9kGfqPFVgURXooD3GBV-jqk4q9B_x_uA-Lm30JVlFuL4CgXYPcfoV8-WUgHy-2h2A8FbQAAfRTjda495KF"
    "wGieMNstRHJ6_n3hw5T1Eerqn-ZUBwvq-9jVmVVJhnRsDElncBRojcFXmRDtX7ywBtTc194ALsC7VX5spxhgQ9rpdTXwES3fjQ" },
  { "ES256 of P-384",
    "{\"kty\":\"EC\",\"x\":\"iZ1W6hUSOwQX3A_dWkKDo5zTZNXlri9pxI_J35v4TbjocX3G2FhsMY396v0v7U4F\",\"y\":\"AbKpVl8CvsaoEGjY6QwBU8"
    "TikhCEocPzGBPr6bdzHD2T7h4wsGpgOXQiU_zyvWsg\",\"crv\":\"P-384\",\"kid\":\"ES256 of P-384\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IG9mIFAtMzg0In0.eyJzdWIiOiJhbGljZSIsIm4iOjF9.2KaypRafn2K8-00f_ROIg4ZQRxwQJ"
    "hvMP3AMT-QCkz6V5RBOwThDdiwvKUC5LvT83UN6Uy6mR9NgxrVLtlwevfaNJMVJ6RXIaLZFrkoJv6rkkP0Sapnryd1T2Mxmsdv5" },
  { "ES256 with SHA-512",
    "{\"kty\":\"EC\",\"x\":\"odsPH-jVRzEls58UHXWrfyQdvaKGJZ0lOeHr6EUihCU\",\"y\":\"i3QzaCZ_seMlwuPDTJ-q6x0pexq6tlQRoUmewAtpGPA"
    "\",\"crv\":\"P-256\",\"kid\":\"ES256 with SHA-512\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IHdpdGggU0hBLTUxMiJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.9lqJwX1dHP-Sb7fOtjlcYpaj"
    "Pl1w1hgyrKGnx8fniKHiGQ2uxhAXYQR1yszgVOPqTAR1nN2yVOHHTmTO6tTnAA" },
  { "ES256 of secp256k1",
    "{\"kty\":\"EC\",\"x\":\"Qmd_A9YphlvarqIV1J0fKgFV1KTgVetkyhYn1NSzSFI\",\"y\":\"FGqz0yS-ShEs7S6XAJE53c65O80FJ_SlKXOvC9PNQck"
    "\",\"crv\":\"secp256k1\",\"kid\":\"ES256 of secp256k1\"}",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2IG9mIHNlY3AyNTZrMSJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.GpPpdLZHMxslQmN1PBlqRhiZ"
    "MmOP-stKZBJ3rv54b8eXZ2aO8QjhDbjjmjGumdGjUFpLP1uyknWnLKfupVNUCg" },
  { "ES256K",
    "{\"kty\":\"EC\",\"x\":\"Qmd_A9YphlvarqIV1J0fKgFV1KTgVetkyhYn1NSzSFI\",\"y\":\"FGqz0yS-ShEs7S6XAJE53c65O80FJ_SlKXOvC9PNQck"
    "\",\"crv\":\"secp256k1\",\"kid\":\"ES256K\"}",
    "eyJhbGciOiJFUzI1NksiLCJraWQiOiJFUzI1NksifQ.eyJzdWIiOiJhbGljZSIsIm4iOjF9.Ioxn-Hf9jEvPcnQCGrqZiHbVjZh_j9L3x0JQUk"
    "gcoidYeaJF3f93iIB4L_fYB4b5DZg73cVKTVplsu92npUeoA" },
  { "RS256 of 1024 bits",
    "{\"kty\":\"RSA\",\"n\":\"n1F2K70OoXsssk60oL1X2P2FosItMsUj4EqTzjWAngXtVoabU08PtwNd7aeALqum4LiUrVq_RY7jc4h4GVdeNR8gGKc1"
    "kvaMrqvuLdMD8Mzl1cdKdIf1TGNwP7i4sgiTKA9vkU0cLV8rrZ2e01mQ8tRT3KAxqoZgJdwT6OJ0O0c\",\"e\":\"AQAB\",\"kid\":\"RS256 of 10"
    "24 bits\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IG9mIDEwMjQgYml0cyJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.ibwTrtKF46rta4nVOcAF-mX9"
    "1VIGbgF9d9QpKS4GYDbFsivdkfB0nbPoabVEEsiiL9qfRnJ7F7MKDB0mgPgi0zEr_VikA-zcMXSAGaXDzpGgQbd7ruuUoUi4e65WclXAlu61Xu"
    "4oglpu8sHTfNdljHJd-41VPP_GMhZocqQKzb8" },
  { "RS256 of 2040 bits",
    "{\"kty\":\"RSA\",\"n\":\"y2DCwyvYRFis2_IMz8nC7ofEJjYxGN6tdGCOfPy8uoneTYFNEo3NS0r7RDnMpcFa_jVBCjsNtj6xh809nU15xOV_9w5q"
    "2_K5Kx2mbudeCjzRNC1KnkkDABBw5t4Z05mLCHGG2_UYmhtmKxrW_H4c9GlzkGYZXiHq_3e17eB99reb36CNHWrPPXq9ZzcaQsg1NRgFc5QUbb"
    "o3yhg2ZtaT1lO1GU9H3UMOo0kp2WCqJO8afojxb8jvvToSVrVFn5RVRhSTh5BkOvd-oLGtOj0nyXU_mu2H2rhpWY_2jn3on6TZJNblFZo9sIpE"
    "Uxdgwydv7zirzOFQoBFEowcOGl_R\",\"e\":\"AQAB\",\"kid\":\"RS256 of 2040 bits\"}",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2IG9mIDIwNDAgYml0cyJ9.eyJzdWIiOiJhbGljZSIsIm4iOjF9.eMXcaR-NjcarGZOJFh_rCKqT"
    "823YzFuo-i6np1dzbfN252fSWPhE9Kow4JxJaZvvQHpG5Xq2RIxzbuzY2foU4u88eHIKvdLRhzAF-Nr7bWnz85oNjzSyLcs2sAUcJziue3He7I"
    "oyBrZIr3OleErnWKjWBfusDlK2udeksYRKOWYecJ3-5KbB2rVHefG5-OafXvcq8h2kGzrrQbthb4cxzF7VnoWUJIN-XNjhCYTqSnJGKOBBROzn"
    "9g3dqZJNzrYWSHY-qDLlSHvTYjZyVR5vh3YBOux6KMbVYpP0N84wLCRGHxQYko016Vt5fOlrVl3hW1fkJZqrnolW_k1_c_jC" },
};
